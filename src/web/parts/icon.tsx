const PATHS = {
  live: 'M2 12h4l3-8 5 16 3-8h5',
  search: 'M10.500 3.500a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM15.600 15.600 21 21',
  system: 'M4 5h16v6H4zM4 14h16v6H4zM7.500 8h.01M7.500 17h.01M11 8h6M11 17h6',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300 19 19M5 19l1.700-1.700M17.300 6.700 19 5',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
  auto: 'M12 3.500a8.500 8.500 0 1 1 0 17zM12 3.500a8.500 8.500 0 1 0 0 17z',
  keys: 'M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14h8',
  back: 'M14.500 5 7.500 12l7 7',
  next: 'M9.500 5l7 7-7 7',
  link: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  warning: 'M12 3.500 22 20.500H2zM12 10v4.500M12 17.500h.01',
  camera: 'M3 7.500h12v9H3zM15 11l6-3.500v9L15 13',
  check: 'M4.500 12.500 10 18l9.500-12',
  close: 'M6 6l12 12M18 6 6 18',
  expand: 'M9 4H4v5M15 4h5v5M20 15v5h-5M4 15v5h5',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.500 20.500c0-4 3.500-6 7.500-6s7.500 2 7.500 6',
  people:
    'M9 5a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM2.500 19.500c0-3.500 3-5 6.500-5s6.500 1.500 6.500 5M15.500 5.500a3.500 3.500 0 0 1 0 6.500M18 15c2 .7 3.500 2 3.500 4.500',
  token: 'M15 4a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM11.500 12.500 4 20v0h3.500v-2.500H10V15',
  audit: 'M6 3.500h9l4 4v13H6zM9.500 11h6M9.500 14.500h6M9.500 18h3',
  out: 'M14 4H5v16h9M10 12h11M17.500 8l4 4-4 4',
  more: 'M4 7h16M4 12h16M4 17h16',
  plus: 'M12 5v14M5 12h14',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 10.500l5 5 5-5M4.500 20h15',
  plate: 'M2.500 7h19v10h-19zM7 10v4M11 10v4M15 10v4',
  review: 'M4 5h16v10H4zM8 19h8M8 10l2.500 2.500L16 8',
  history: 'M4 5v5h5M4.500 10a8 8 0 1 1-.5 4M12 8v4.500l3 2',
  privacy: 'M12 3 5 6v5.500c0 4.500 3 7.500 7 9.500 4-2 7-5 7-9.500V6zM9.500 12l2 2 3.500-4',
  bell: 'M12 3.500a5.500 5.500 0 0 0-5.500 5.500v4L4.500 17h15l-2-4V9A5.500 5.500 0 0 0 12 3.500zM10 20h4',
  pen: 'M4 20l1-4.500L16 4.500l3.500 3.500L8.500 19zM13.500 7l3.500 3.500',
  chart: 'M4 20V11M10 20V4M16 20v-6M3 20.500h18M21 20V8',
  model: 'M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9',
  print: 'M7 8V3.500h10V8M7 17H4V8h16v9h-3M7 13.500h10v7H7z',
} as const;

/** Names of the line drawings. */
export type IconName = keyof typeof PATHS;

/** A line drawing in the colour of the surrounding text, hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
