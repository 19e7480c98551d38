/** The probabilities of all classes at one character; class 0 is "no character". */
export type ClassMixture = Float64Array;

type Variant = Readonly<{ labels: readonly number[]; p: number }>;

/**
 * Texts of the same length put together from the alternatives of each character that have at least `minCharShare`, the `maxVariants` most
 * probable ones by product. They are candidates for a pattern to choose from; a class below the share is never used.
 */
export function findVariants(
  mixtures: readonly ClassMixture[],
  { minCharShare, maxVariants }: Readonly<{ minCharShare: number; maxVariants: number }>,
): (readonly number[])[] {
  let beam: Variant[] = [{ labels: [], p: 1 }];
  for (const mixture of mixtures) {
    const steps = listSteps(mixture, minCharShare);
    const grown = beam.flatMap(({ labels, p }) =>
      steps.map((step) => ({ labels: [...labels, step.label], p: p * step.p })),
    );
    beam = steps.length > 1 ? grown.sort((a, b) => b.p - a.p).slice(0, maxVariants) : grown;
  }
  return beam.map(({ labels }) => labels);
}

function listSteps(mixture: ClassMixture, minShare: number): readonly Readonly<{ label: number; p: number }>[] {
  let best = 1;
  for (let c = 2; c < mixture.length; c += 1) if (mixture[c] > mixture[best]) best = c;
  const steps = [{ label: best, p: mixture[best] }];
  for (let c = 1; c < mixture.length; c += 1) {
    if (c !== best && mixture[c] >= minShare) steps.push({ label: c, p: mixture[c] });
  }
  return steps;
}
