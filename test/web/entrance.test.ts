import { describe, expect, test } from 'vitest';
import { Visits } from './visits.ts';

const visits = new Visits();
const PASSWORD = 'the gate is always open';

describe('the way in', () => {
  test('is a name and a password, and leads to the screen that was asked for', async () => {
    const { accounts } = visits.server;
    accounts.who = null;
    const page = await visits.visit('#/search?q=AB8X1C9');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('Sign-in failed.');
    expect(await page.locator('.row').count()).toBe(0);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.row').first().waitFor();
    expect(page.url()).toContain('#/search?q=AB8X1C9');
  });

  test('asks for the code where the account has a second factor', async () => {
    const { accounts } = visits.server;
    Object.assign(accounts, { who: null, needsCode: true });
    const page = await visits.visit('#/live');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByLabel('Code').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await expect.poll(() => page.evaluate('document.activeElement.autocomplete')).toBe('one-time-code');
    await page.keyboard.type('123 456');
    await page.keyboard.press('Enter');
    await page.locator('.row').first().waitFor();
    expect(accounts.asked.at(-2)?.body).toMatchObject({ code: '123456' });
  });

  test('is the link with the token, which no request has in its address', async () => {
    const { accounts } = visits.server;
    Object.assign(accounts, { who: null, setUp: false });
    const page = await visits.visit('setup#token=s3cret');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('Repeat the password').fill(`${PASSWORD}?`);
    expect(await page.locator('form').innerText()).toContain('The passwords do not match.');
    await page.getByLabel('Repeat the password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.locator('.row').first().waitFor();
    expect(page.url()).toBe(`${visits.server.url}/#/live`);
    const given = accounts.asked.find(({ path }) => path === '/auth/setup');
    expect(given?.body).toEqual({ token: 's3cret', name: 'ada', password: PASSWORD });
    expect(accounts.asked.filter(({ path }) => path.includes('s3cret'))).toEqual([]);
    expect(visits.faults).toEqual([]);
  });

  test('says of a link that has done its work that it is over, and leads to signing in', async () => {
    Object.assign(visits.server.accounts, { who: null, setUp: true });
    const page = await visits.visit('setup#token=s3cret');
    await page.getByText('This link was used already, or its time is over.').waitFor();
    expect(await page.getByLabel('New password').count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Password').waitFor();
  });

  test('says of a personal link that was used, before anything is typed, that it is over', async () => {
    Object.assign(visits.server.accounts, { who: null, setUp: true });
    const page = await visits.visit('setup#token=used&name=grace');
    await page.getByText('This link was used already, or its time is over.').waitFor();
    expect(await page.locator('form').count()).toBe(0);
  });

  test('says how to get in before the first account', async () => {
    Object.assign(visits.server.accounts, { who: null, setUp: false });
    const page = await visits.visit('#/live');
    await page.getByText('There is no account yet.').waitFor();
    expect(await page.locator('main').innerText()).toContain('npm start');
    expect(await page.locator('form').count()).toBe(0);
  });

  test('comes back when the session ends, and returns to the screen', async () => {
    const page = await visits.visit('#/system');
    await page.locator('.camera-card').first().waitFor();
    const { accounts } = visits.server;
    accounts.who = null;
    await page.evaluate("location.hash = '#/account'");
    await page.getByLabel('Password', { exact: true }).waitFor({ timeout: 15_000 });
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.account').waitFor();
  });
});

describe('languages', () => {
  test('follow the browser, and then the choice of the account', async () => {
    const page = await visits.visit('#/account', { locale: 'de-DE' });
    await page.getByRole('heading', { name: 'Sprache und Zeit' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await page.getByLabel('Sprache', { exact: true }).selectOption('fr');
    await page.getByLabel('Zeitzone').fill('Asia/Kolkata');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByRole('heading', { name: 'Langue et heure' }).waitFor();
    expect(visits.server.accounts.who).toMatchObject({ language: 'fr', time_zone: 'Asia/Kolkata' });
    await page.reload();
    await page.getByRole('heading', { name: 'Langue et heure' }).waitFor();
    expect(visits.faults).toEqual([]);
  });
});

describe('what a person may not do', () => {
  test('is everything, wherever they go, while they lack a second factor that is required', async () => {
    const { accounts } = visits.server;
    accounts.become('viewer');
    if (accounts.who) accounts.who = { ...accounts.who, permissions: [], must_add_second_factor: true };
    const page = await visits.visit('#/search?q=AB');
    await page.getByText('This system requires a second factor.').waitFor();
    await page.getByRole('heading', { name: 'Second factor' }).waitFor();
    expect(visits.faults).toEqual([]);
  });

  test('is not shown to them, and an auditor begins with what they may see', async () => {
    visits.server.accounts.become('viewer');
    const page = await visits.visit('#/live');
    await page.locator('.row').first().waitFor();
    expect(await page.locator('.screens a').allInnerTexts()).toEqual(['Live', 'Alerts']);
    await page.goto(`${visits.server.url}/#/system`);
    await page.getByText('Your account may not see this.').waitFor();
    visits.server.accounts.become('auditor');
    await page.goto(`${visits.server.url}/`);
    await page.reload();
    await page.locator('.system').waitFor();
    expect(await page.locator('.screens a').allInnerTexts()).not.toContain('Live');
  });
});
