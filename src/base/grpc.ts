/** What this program uses of gRPC; whoever needs it imports it when it is needed, because it takes a while to load. */
export { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
