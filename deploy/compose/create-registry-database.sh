#!/bin/sh
# Runs in the database's container when its volume is new: the registry gets a user and a database of its own.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$REGISTRY_DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
CREATE USER registry PASSWORD :'password';
CREATE DATABASE registry OWNER registry;
END
