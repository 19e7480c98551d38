#!/bin/bash
# Does what Kafka's image does: its wrapper writes settings from KAFKA_… variables and formats the volume, then the broker starts.
set -eu
java=(/opt/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/libs/*')
if [ -n "${KAFKA_ZOOKEEPER_CONNECT:-}" ]; then
  # The image for ZooKeeper: each KAFKA_… variable is a setting.
  env | sed -n 's/^KAFKA_\(HEAP_OPTS\|OPTS\)=.*//; s/^KAFKA_\([A-Z0-9_]*\)=\(.*\)$/\1 \2/p' | while read -r name value; do
    echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value"
  done > /tmp/server.properties
  # shellcheck disable=SC2086
  exec "${java[@]}" ${KAFKA_HEAP_OPTS:-} kafka.Kafka /tmp/server.properties
fi
set_up=(kafka.docker.KafkaDockerWrapper setup)
folders=(--default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config)
if ! said="$("${java[@]}" "${set_up[@]}" "${folders[@]}" 2>&1)"; then
  case "$said" in *'already formatted'*) ;; *) echo "$said" >&2 && exit 1 ;; esac
fi
# shellcheck disable=SC2086
exec "${java[@]}" ${KAFKA_HEAP_OPTS:-} kafka.Kafka /opt/kafka/config/server.properties
