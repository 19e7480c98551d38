#!/bin/sh
# Writes .env beside this file: what Compose starts, and new passwords for this machine only. Compose refuses to start without it.
#   sh deploy/create-secrets.sh
# After an update it adds those that are new; what is there stays, because the servers know it.
set -eu

file="$(dirname "$0")/.env"

# A letter first, so that no secret can be taken for a number.
secret() {
  printf 'k%s' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
}

add() {
  grep -q "^$1=" "$file.part" || printf '%s=%s\n' "$1" "$2" >> "$file.part"
}

umask 077
# A file that was cut short has another name.
if [ -e "$file" ]; then cp "$file" "$file.part"; else : > "$file.part"; fi
# The profiles of compose.yaml that start; where events are searched: postgres, or opensearch with the profile "search"; where Kafka
# keeps its metadata: kraft or zookeeper; and whether services encrypt their traffic: plain or tls.
add COMPOSE_PROFILES core,edge
add SEARCH postgres
add KAFKA kraft
add INSIDE plain
add KAFKA_PASSWORD "$(secret)"
add KAFKA_UI_PASSWORD "$(secret)"
add DATABASE_PASSWORD "$(secret)"
add REGISTRY_DATABASE_PASSWORD "$(secret)"
add S3_ACCESS_KEY_ID "$(secret | cut -c1-20)"
add S3_SECRET_ACCESS_KEY "$(secret)"
add OPENSEARCH_PASSWORD "Aa1-$(secret)"
add OPENSEARCH_DASHBOARDS_PASSWORD "Aa1-$(secret)"
add EXPORTER_DATABASE_PASSWORD "$(secret)"
add REPORTS_DATABASE_PASSWORD "$(secret)"
add MLFLOW_DATABASE_PASSWORD "$(secret)"
add GRAFANA_PASSWORD "$(secret)"
if [ -e "$file" ] && cmp -s "$file" "$file.part"; then
  rm "$file.part"
  echo "$file has every password and is kept: the servers know them. Remove it, and their volumes, to begin anew." >&2
  exit 1
fi
mv "$file.part" "$file"
echo "Passwords are in $file, readable by you alone. Now: docker compose -f $(dirname "$0")/compose.yaml up -d --wait" >&2
