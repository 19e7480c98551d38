#!/bin/sh
# Writes .env beside this file: passwords made here and now, for this machine alone. Compose refuses to start without it.
#   sh deploy/create-secrets.sh
set -eu

file="$(dirname "$0")/.env"
if [ -e "$file" ]; then
  echo "$file exists and is kept: the servers know its passwords. Remove it, and their volumes, to begin anew." >&2
  exit 1
fi

# A letter first, so that no secret can be taken for a number.
secret() {
  printf 'k%s' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
}

umask 077
# A file that was cut short has another name.
cat > "$file.part" <<END
KAFKA_PASSWORD=$(secret)
KAFKA_UI_PASSWORD=$(secret)
DATABASE_PASSWORD=$(secret)
REGISTRY_DATABASE_PASSWORD=$(secret)
S3_ACCESS_KEY_ID=$(secret | cut -c1-20)
S3_SECRET_ACCESS_KEY=$(secret)
OPENSEARCH_PASSWORD=Aa1-$(secret)
END
mv "$file.part" "$file"
echo "Passwords are in $file, readable by you alone. Now: docker compose -f $(dirname "$0")/compose.yaml up -d" >&2
