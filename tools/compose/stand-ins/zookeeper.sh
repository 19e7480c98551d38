#!/bin/bash
# A single ZooKeeper, from the archive of the last Kafka that supports it.
set -eu
printf '%s\n' dataDir=/data dataLogDir=/datalog clientPort=2181 admin.enableServer=false > /tmp/zoo.cfg
# shellcheck disable=SC2086
exec /opt/java/bin/java ${JVMFLAGS:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp '/opt/kafka/libs/*' org.apache.zookeeper.server.quorum.QuorumPeerMain /tmp/zoo.cfg
