#!/bin/bash
# A node without the security plugin, behind a proxy with TLS that asks for the administrator's password. Its home is the volume: it takes folders in plugins/ for plugins.
set -eu
grep -q '^admin: { hash: "of OPENSEARCH_INITIAL_ADMIN_PASSWORD"' config/opensearch-security/internal_users.yml
node /opt/front.js &
# shellcheck disable=SC2086
exec /opt/java/bin/java $OPENSEARCH_JAVA_OPTS -XX:+UseSerialGC -cp '/opt/opensearch:/opt/opensearch/libs/*' SearchNode "$PWD/data" 9201 9301
