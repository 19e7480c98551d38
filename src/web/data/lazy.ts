import type { ComponentType } from 'preact';

/** A component whose code is fetched when it is first needed, and kept. */
export class Lazy<Props> {
  readonly #load: () => Promise<ComponentType<Props>>;
  #component: ComponentType<Props> | undefined;

  constructor(load: () => Promise<ComponentType<Props>>) {
    this.#load = load;
  }

  /** The component, once its code is there. */
  get component(): ComponentType<Props> | undefined {
    return this.#component;
  }

  async fetch(): Promise<void> {
    this.#component ??= await this.#load();
  }
}
