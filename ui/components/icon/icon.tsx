/** The few signs of the page, drawn on a 16 × 16 grid in the colour of the text. Decoration only: name the button. */
const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  bell: 'M8 2.5a3.8 3.8 0 0 0-3.8 3.8c0 3.2-1.2 4.2-1.2 4.2h10s-1.2-1-1.2-4.2A3.8 3.8 0 0 0 8 2.5zM6.8 13a1.3 1.3 0 0 0 2.4 0',
  search: 'M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM10 10l3.5 3.5',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.7h-2.7',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
  eyeOff:
    'M2.5 13.5l11-11M6 4.2A6 6 0 0 1 8 3.8C12 3.8 14.5 8 14.5 8a11 11 0 0 1-2 2.4M4 5.3A11 11 0 0 0 1.5 8S4 12.2 8 12.2c.8 0 1.5-.2 2.2-.5',
  pin: 'M6 2.5h4l-.6 4 2.1 2.2H4.5l2.1-2.2zM8 8.7v4.8',
  lock: 'M4.5 7.5h7v5.5h-7zM6 7.5V5.3a2 2 0 0 1 4 0v2.2',
  pause: 'M5.5 4v8M10.5 4v8',
  play: 'M5.5 3.5l6.5 4.5-6.5 4.5z',
  plus: 'M8 3.5v9M3.5 8h9',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  check: 'M3.5 8.5l3 3 6-7',
  dashboard: 'M3 3h4.2v5H3zM8.8 3H13v3H8.8zM3 9.6h4.2V13H3zM8.8 7.6H13V13H8.8z',
  router: 'M3 8h3M10 4.5h3M10 11.5h3M6 8c2 0 2-3.5 4-3.5M6 8c2 0 2 3.5 4 3.5',
  accounts: 'M8 3.2a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6zM3.5 13c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4',
  sessions: 'M3 4h10v6.5H7L4.5 13v-2.5H3z',
  logs: 'M3 4h10M3 8h10M3 12h6',
  keys: 'M5.2 7.2a2.6 2.6 0 1 1 0 3.6 2.6 2.6 0 0 1 0-3.6zM8.8 8.2L13 4M11.3 5.7l1.5 1.5',
  reports: 'M3 13V8.5M6.4 13V4M9.7 13V6.5M13 13V9.5',
  settings:
    'M3 5h6M11.5 5H13M3 11h1.5M7 11h6M10.2 3.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zM5.8 9.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z',
  cluster:
    'M8 2.8a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM3.8 10a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM12.2 10a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM7.2 6L4.6 10M8.8 6l2.6 4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.3"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
