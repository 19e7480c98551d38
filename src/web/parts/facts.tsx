import type { ComponentChildren } from 'preact';

/** A titled list of names and values. */
export function FactList({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="panel">
      <h2>{title}</h2>
      <dl class="fact-list">{children}</dl>
    </div>
  );
}

/** One name with its value. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
