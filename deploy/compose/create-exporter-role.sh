#!/bin/sh
# Runs in the database's container when its volume is new: what watches the database gets a user that sees how it works, and no
# table of ours. For a volume that is not new:
#   docker compose -f deploy/compose.yaml exec timescaledb sh /docker-entrypoint-initdb.d/901-create-exporter-role.sh
set -eu
psql -v ON_ERROR_STOP=1 -v password="$EXPORTER_DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
CREATE USER exporter PASSWORD :'password' CONNECTION LIMIT 5;
GRANT pg_monitor TO exporter;
END
