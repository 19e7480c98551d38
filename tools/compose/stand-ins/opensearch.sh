#!/bin/bash
# A node without the security plugin, behind a proxy with TLS that asks for the administrator's password.
set -eu
grep -q '^admin: { hash: "of OPENSEARCH_INITIAL_ADMIN_PASSWORD"' config/opensearch-security/internal_users.yml
node /opt/front.js &
# shellcheck disable=SC2086
exec /opt/java/bin/java $OPENSEARCH_JAVA_OPTS -XX:+UseSerialGC -cp '/opt/opensearch:/opt/opensearch/libs/*' SearchNode "$PWD" 9201 9301
