/** The filters of the request log: every one is a query value of the URL and of `GET /api/logs`. */
import { Pick, type Choice } from '../../components/field/field';
import { labelOf } from '../../state/accounts';
import { useFresh } from '../../state/freshness';
import { LOG_FILTERS, logOptions } from '../../state/logs';
import { go, place, setQuery } from '../../state/place';
import { commonText, logsText } from '../../strings';

export function LogFilters() {
  useFresh(logOptions);
  const { query, part } = place.value;
  const options = logOptions.data.value;
  const isFiltered = LOG_FILTERS.some((name) => (query[name] ?? '') !== '');
  return (
    <>
      <input
        type="search"
        class="input filter-search"
        aria-label={logsText.searchLabel}
        placeholder={logsText.searchPlaceholder}
        value={query['search'] ?? ''}
        onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
      />
      <Pick
        label={logsText.status}
        value={query['status'] ?? ''}
        choices={[['', logsText.anyStatus], ...Object.entries(logsText.statuses)]}
        onChange={(status) => setQuery({ status })}
      />
      <Pick
        label={logsText.account}
        value={query['accountId'] ?? ''}
        choices={withCurrent(
          [['', logsText.anyAccount], ...(options?.accountIds ?? []).map((id) => [id, labelOf(id)] as const)],
          query['accountId'],
          labelOf,
        )}
        onChange={(accountId) => setQuery({ accountId })}
      />
      <Pick
        label={logsText.model}
        value={query['model'] ?? ''}
        choices={withCurrent(
          [['', logsText.anyModel], ...(options?.models ?? []).map((model) => [model, model] as const)],
          query['model'],
          (model) => model,
        )}
        onChange={(model) => setQuery({ model })}
      />
      <Pick
        label={logsText.since}
        value={query['since'] ?? ''}
        choices={withCurrent(
          [['', logsText.anySince], ...Object.entries(logsText.sinces)],
          query['since'],
          (since) => since,
        )}
        onChange={(since) => setQuery({ since })}
      />
      {isFiltered ? (
        <button type="button" class="button quiet" onClick={() => go({ page: 'logs', part })}>
          {commonText.clearFilters}
        </button>
      ) : null}
    </>
  );
}

/** A value from a link that is not among the options (any more) is shown all the same. */
function withCurrent(
  choices: readonly Choice<string>[],
  current: string | undefined,
  name: (value: string) => string,
): readonly Choice<string>[] {
  if (current === undefined || current === '' || choices.some(([value]) => value === current)) return choices;
  return [...choices, [current, name(current)]];
}
