/**
 * A long list as a grid: only the rows that are seen exist, one row has the cursor (↑ ↓ j k Home End), Enter opens it.
 * Rows have one height; on narrow screens they become cards of two lines by CSS.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { visibleRange } from './visible-range';
import './data-table.css';

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** CSS grid track: `80px`, `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly align?: 'end';
  readonly render: (row: T) => ComponentChildren;
  /** Tooltip of the cell. */
  readonly title2?: (row: T) => string;
  /** The name under which `onSort` gets it; left out = cannot be sorted. */
  readonly sort?: string;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly openKey?: string | null;
  readonly sort?: { readonly by: string; readonly down: boolean } | undefined;
  readonly onSort?: ((by: string) => void) | undefined;
  /** Called when the end comes into sight. */
  readonly onEnd?: () => void;
  readonly total?: number | null;
  readonly tone?: (row: T) => string;
  readonly empty: ComponentChildren;
}

const ROW_PX = 30;
const NARROW_ROW_PX = 58;
const NARROW = '(max-width: 640px)';

export function DataTable<T>(props: Props<T>) {
  const { label, columns, rows, total } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const rowPx = matchMedia(NARROW).matches ? NARROW_ROW_PX : ROW_PX;
  useSize(scroller, setView);

  const tracks = columns.map(({ width }) => width).join(' ');

  return (
    <div
      class="table"
      role="grid"
      aria-label={label}
      aria-rowcount={(total ?? rows.length) + 1}
      aria-colcount={columns.length}
      style={{ '--tracks': tracks }}
    >
      <div
        class="table-scroll"
        ref={scroller}
        role="presentation"
        onScroll={({ currentTarget }) => {
          setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight });
          if (currentTarget.scrollTop + currentTarget.clientHeight > currentTarget.scrollHeight - 10 * rowPx)
            props.onEnd?.();
        }}
      >
        <Head columns={columns} sort={props.sort} onSort={props.onSort} />
        <Body table={props} view={view} rowPx={rowPx} scroller={scroller} />
      </div>
    </div>
  );
}

interface View {
  readonly top: number;
  readonly height: number;
}

interface BodyProps<T> {
  readonly table: Props<T>;
  readonly view: View;
  readonly rowPx: number;
  readonly scroller: { readonly current: HTMLDivElement | null };
}

function Body<T>({ table, view, rowPx, scroller }: BodyProps<T>) {
  const { rows, rowKey, empty } = table;
  const [cursor, setCursor] = useState(0);
  if (rows.length === 0) {
    return (
      <div role="row">
        <div role="gridcell">{empty}</div>
      </div>
    );
  }
  const { first, end } = visibleRange(view.top, view.height, rowPx, rows.length);
  const at = Math.min(cursor, rows.length - 1);
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setCursor(next);
    reveal(scroller.current, next, rowPx);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  return (
    <div
      role="presentation"
      class="table-rows"
      style={{ height: `${rows.length * rowPx}px` }}
      onKeyDown={(event) => steer(event, at, rows.length, move)}
    >
      {rows.slice(first, end).map((row, offset) => (
        <Row
          key={rowKey(row)}
          table={table}
          row={row}
          index={first + offset}
          rowPx={rowPx}
          hasCursor={first + offset === at}
          onFocus={setCursor}
        />
      ))}
    </div>
  );
}

interface RowProps<T> {
  readonly table: Props<T>;
  readonly row: T;
  readonly index: number;
  readonly rowPx: number;
  readonly hasCursor: boolean;
  readonly onFocus: (index: number) => void;
}

function Row<T>({ table, row, index, rowPx, hasCursor, onFocus }: RowProps<T>) {
  const { columns, rowKey, onOpen, openKey } = table;
  const tone = table.tone?.(row) ?? '';
  const open = openKey !== undefined && openKey === rowKey(row);
  return (
    <div
      role="row"
      class={`table-row ${tone} ${open ? 'open' : ''} ${onOpen === undefined ? '' : 'opens'}`}
      style={{ transform: `translateY(${index * rowPx}px)`, height: `${rowPx}px` }}
      tabIndex={hasCursor ? 0 : -1}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={open}
      onFocus={() => onFocus(index)}
      onClick={() => onOpen?.(row)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        onOpen?.(row);
      }}
    >
      {columns.map(({ key, align, render, title2 }) => (
        <div key={key} role="gridcell" class={`cell cell-${key} ${align ?? ''}`} title={title2?.(row)}>
          {render(row)}
        </div>
      ))}
    </div>
  );
}

function Head<T>({ columns, sort, onSort }: Pick<Props<T>, 'columns' | 'sort' | 'onSort'>) {
  return (
    <div role="row" class="table-head" aria-rowindex={1}>
      {columns.map(({ key, title, align, sort: name }) => {
        const sorted = name !== undefined && sort?.by === name;
        const direction = sorted ? (sort.down ? 'descending' : 'ascending') : undefined;
        return (
          <div key={key} role="columnheader" class={`cell cell-${key} ${align ?? ''}`} aria-sort={direction}>
            {name === undefined || onSort === undefined ? (
              title
            ) : (
              <button type="button" class="table-sort" onClick={() => onSort(name)}>
                {title}
                <span aria-hidden="true">{sorted ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

function steer(event: KeyboardEvent, at: number, count: number, move: (to: number) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isEditing(event.target)) return;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    Home: 0,
    End: count - 1,
    PageDown: at + 15,
    PageUp: at - 15,
  };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  move(to);
}

function isEditing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}

function reveal(scroller: HTMLDivElement | null, index: number, rowPx: number): void {
  if (scroller === null) return;
  const top = index * rowPx;
  const seen = scroller.clientHeight - 2 * rowPx;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + seen) scroller.scrollTop = top - seen;
}

function useSize(
  element: { readonly current: HTMLDivElement | null },
  set: (view: { top: number; height: number }) => void,
): void {
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const watch = new ResizeObserver(() => set({ top: box.scrollTop, height: box.clientHeight }));
    watch.observe(box);
    return () => watch.disconnect();
  }, [element, set]);
}
