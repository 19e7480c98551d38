"""Makes the role, the schema and the bucket of MLflow, or leaves them as they are; run before MLflow starts."""

import os

import boto3
import psycopg2
from psycopg2 import sql

with psycopg2.connect(os.environ["OWNER_URL"]) as connection, connection.cursor() as cursor:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'mlflow'")
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    password = sql.Literal(os.environ["MLFLOW_DATABASE_PASSWORD"])
    cursor.execute(sql.SQL("{} ROLE mlflow LOGIN PASSWORD {}").format(verb, password))
    cursor.execute("CREATE SCHEMA IF NOT EXISTS mlflow")
    cursor.execute("GRANT USAGE, CREATE ON SCHEMA mlflow TO mlflow")
    cursor.execute("ALTER ROLE mlflow SET search_path = mlflow")

store = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
bucket = os.environ["BUCKET"]
if bucket not in {one["Name"] for one in store.list_buckets()["Buckets"]}:
    store.create_bucket(Bucket=bucket)
