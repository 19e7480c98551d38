#!/bin/bash
# Does what PostgreSQL's image does: on a new volume it creates the database and its owner, and runs docker-entrypoint-initdb.d.
set -eu
data=/var/lib/postgresql/data
socket=/var/run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
  # shellcheck disable=SC2086
  initdb -D "$data" --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust ${POSTGRES_INITDB_ARGS:-}
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  pg_ctl -D "$data" -o "-c listen_addresses= -c unix_socket_directories=$socket" -w start
  psql --username "$POSTGRES_USER" --dbname postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
  for script in /docker-entrypoint-initdb.d/*.sh; do sh "$script"; done
  pg_ctl -D "$data" -m fast -w stop
fi
exec postgres -D "$data" -c 'listen_addresses=*' -c "unix_socket_directories=$socket" "$@"
