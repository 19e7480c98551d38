import { useEffect, useState } from 'preact/hooks';
import type { Lazy } from '../data/lazy.ts';
import { Problem, Skeleton } from './notice.tsx';

type LoadedOptions<Props> = Readonly<{
  lazy: Lazy<Props>;
  props: Props;
  /** Over a screen, so nothing takes its place meanwhile. */
  isOver?: boolean;
}>;

/** Shows a component as soon as its code is there. */
export function Loaded<Props extends object>({ lazy, props, isOver = false }: LoadedOptions<Props>) {
  const [state, setState] = useState<Readonly<{ lazy: Lazy<Props>; error?: unknown }>>();
  const { component: Component } = lazy;
  useEffect(() => {
    lazy.fetch().then(
      () => setState({ lazy }),
      (error: unknown) => setState({ lazy, error }),
    );
  }, [lazy]);
  if (Component !== undefined) return <Component {...props} />;
  if (isOver) return null;
  return (
    <main class="screen" id="content">
      {state?.error === undefined ? (
        <Skeleton rows={5} kind="row" />
      ) : (
        <Problem error={state.error} retry={() => location.reload()} />
      )}
    </main>
  );
}
