#!/bin/bash
# Runs in OpenSearch's container: replaces the demonstration users of the image, whose passwords are public.
set -eu
hash() {
  plugins/opensearch-security/tools/hash.sh -env "$1" | tail -n 1
}
cat > config/opensearch-security/internal_users.yml <<USERS
_meta: { type: internalusers, config_version: 2 }
admin: { hash: "$(hash OPENSEARCH_INITIAL_ADMIN_PASSWORD)", reserved: true, backend_roles: [admin] }
kibanaserver: { hash: "$(hash DASHBOARDS_PASSWORD)", reserved: true }
USERS
exec ./opensearch-docker-entrypoint.sh opensearch
