#!/bin/bash
# SeaweedFS with MinIO's key pair, on MinIO's port.
set -eu
cat > /tmp/s3.json <<IDENTITIES
{ "identities": [{ "name": "root", "credentials": [{ "accessKey": "$MINIO_ROOT_USER", "secretKey": "$MINIO_ROOT_PASSWORD" }],
  "actions": ["Admin", "Read", "List", "Tagging", "Write"] }] }
IDENTITIES
certificates=()
if [ -s /tls/minio/public.crt ]; then certificates=(-s3.cert.file=/tls/minio/public.crt -s3.key.file=/tls/minio/private.key); fi
exec /opt/seaweedfs/bin/weed -logtostderr=true server -ip=127.0.0.1 -ip.bind=0.0.0.0 -dir=/data -master.peers=none \
  -master.telemetry=false -master.volumeSizeLimitMB=64 -volume.max=100 -volume.preStopSeconds=0 -filer -s3 -s3.port=9000 \
  -s3.config=/tmp/s3.json -s3.port.iceberg=0 -s3.port.lance=0 "${certificates[@]}"
