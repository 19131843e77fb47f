/** What people do to accounts, from the first login to its deletion. */
import { authJsonOf } from '../fakes/upstream/auth-json';
import { eventually } from '../integration/harness/eventually';
import type { Json } from '../integration/harness/json-call';
import { openPageStage, type PageStage } from './harness/page-stage';

let stage: PageStage;

beforeAll(async () => {
  stage = await openPageStage({ accounts: [{ email: 'ava@example.test' }], importAll: false });
});

afterAll(async () => {
  await stage.close();
});

async function onlyAccount(): Promise<Json | undefined> {
  const answer = await stage.sidecar.admin('GET', '/api/accounts');
  return (answer.json['accounts'] as readonly Json[])[0];
}

test('a login is added by its text, paused with a way back, named, and deleted by typing its name', async () => {
  const page = await stage.open();
  await page.getByRole('button', { name: 'Add your first account' }).click();
  await page.getByRole('button', { name: /Login files/ }).click();
  const [login] = stage.fake.accounts;
  if (login === undefined) throw new Error('the fake has no account');
  await page.getByLabel('Or paste the text of a login').fill(JSON.stringify(authJsonOf(login)));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('added').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'ava@example.test' }).click();
  await page.getByRole('heading', { level: 2, name: 'ava@example.test' }).waitFor();

  await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
  await page.getByText('Paused ava@example.test').first().waitFor();
  expect(await onlyAccount()).toMatchObject({ status: 'paused' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually('the account serves again', async () =>
    (await onlyAccount())?.['status'] === 'active' ? true : undefined,
  );

  await page.getByLabel('Alias').fill('Ava');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'Ava', exact: true }).waitFor();
  expect(await onlyAccount()).toMatchObject({ alias: 'Ava' });

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const question = page.getByRole('dialog');
  const confirm = question.getByRole('button', { name: 'Delete', exact: true });
  expect(await confirm.isDisabled()).toBe(true);
  await question.getByRole('textbox').fill('Ava');
  await confirm.click();
  await page.getByText('No accounts yet').waitFor();
  expect(await onlyAccount()).toBeUndefined();
});

test('a text that is no login is refused with its reason, and nothing of it stays on the page', async () => {
  const page = await stage.open('#/accounts');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await page.getByRole('button', { name: /Login files/ }).click();
  await page.getByLabel('Or paste the text of a login').fill('not json');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('This is not JSON.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('token');
});
