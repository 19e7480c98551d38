/** Whether a service does its work without something (`useful`) or not (`vital`). */
export type Dependence = 'vital' | 'useful';

/** What a part says of itself: whether it works, why not, and what else helps. It answers within two seconds, or counts as away. */
export type PartCheck = () => Promise<Readonly<{ ok: boolean; message?: string }>>;

/** One thing that a service depends on, as its `/health` shows it. */
export type Part = Readonly<{
  name: string;
  dependence: Dependence;
  /** For people: which of several it is, such as `kafka`. */
  kind?: string;
  check: PartCheck;
}>;

/** A part of what services are given; each says how much it depends on it, unless the part knows better. */
export type GivenPart = Omit<Part, 'dependence'> & Partial<Pick<Part, 'dependence'>>;

/** A service at work. Disposal brings what is in hand to safety first. */
export interface RunningService extends AsyncDisposable {
  /** What its health depends on, besides what it needs. */
  readonly parts?: readonly Part[];
  /** Resolves when there is nothing left to do; a service without it goes on until it is stopped. */
  readonly ended?: Promise<void>;
  /** Rejects when going on makes no sense; it never resolves. */
  readonly failed?: Promise<never>;
  /** Where it answers. */
  readonly url?: string;
  /** A link that lets whoever opens it make the first account: for the terminal, and for no log. */
  readonly invitation?: string;
  /** A line for whoever started it alone. */
  readonly announcement?: string;
}

/**
 * A service: what it is given, and how it starts. `Needs` are things that the process opens for it, `Context` is what every
 * service is given, with the part of the configuration that this one reads.
 */
export type Service<Needs extends object, Context extends Readonly<{ config: object }>> = Readonly<{
  /** Name of its command: `alpr NAME` runs it alone. */
  name: string;
  /** What its command does, for --help. */
  summary: string;
  needs: Readonly<Record<keyof Needs, Dependence>>;
  /** Consumer groups of the topic of events that must have subscribed before the first event is published. */
  groups: readonly string[];
  /** Whether it makes no sense alone unless it meets the other processes on a broker. */
  meetsOthers?: boolean;
  /** Whether it only watches other processes, and so has no place beside them in one. */
  watchesOthers?: boolean;
  /** Why this configuration leaves it no work, as a sentence; undefined where it has some. */
  whyNot?(config: Context['config']): string | undefined;
  /** Rejects what would be refused at its opening and can be seen at once, before networks are loaded and servers started. */
  check?(config: Context['config']): Promise<void>;
  open(given: Needs & Context): Promise<RunningService>;
}>;

/** What can be done to a service while its process runs. */
export type ServiceAction = 'start' | 'stop' | 'restart';

/** How a service of this process is. One that could not be started is `failed`. */
export type ServiceStatus = Readonly<{
  name: string;
  summary: string;
  state: 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
  /** When it came into this state, ISO 8601. */
  since: string;
  /** How often it was started since the process began, but for the first time. */
  restarts: number;
  /** Why it failed. */
  message?: string;
}>;

/** The same with what it depends on, by name; nothing while it does not run. */
export type ExaminedService = ServiceStatus &
  Readonly<{ parts: Readonly<Record<string, Readonly<{ ok: boolean; kind?: string; message?: string }>>> }>;

/** The services of this process, for those who watch and steer them. */
export interface ServiceControl {
  /** In the order in which they start. */
  list(): readonly ServiceStatus[];
  /** The same, after asking everything that they depend on. */
  examine(): Promise<readonly ExaminedService[]>;
  /** Resolves when it is done, or has failed as the state then says. NOT_FOUND. */
  change(name: string, action: ServiceAction): Promise<ExaminedService>;
}
