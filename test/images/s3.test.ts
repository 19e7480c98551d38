import { createHash } from 'node:crypto';
import { S3mini } from 's3mini';
import { expect, test } from 'vitest';
import { openS3Images } from '../../src/images/s3.ts';
import { describeWith } from '../servers/servers.ts';
import { testImages } from './images-contract.ts';
import { createS3Config } from './s3-config.ts';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3, 0xff, 0xd9]);

describeWith(['s3'], 'Pictures on S3', () => {
  testImages('s3', async () => openS3Images(await createS3Config()));

  test('the store is told for how many days to keep them', async () => {
    const config = await createS3Config();
    await openS3Images({ ...config, retentionDays: 30 }).put('a/b.jpg', JPEG, 'image/jpeg');
    const url = await clientOf(config).getPresignedUrl('GET', '/', 60, { lifecycle: '' });
    const text = await (await fetch(url)).text();
    expect(text).toContain('<Days>30</Days>');
    expect(text).toContain('<Status>Enabled</Status>');
  });

  test('the rules of others stay', async () => {
    const config = await createS3Config();
    const theirs =
      '<Rule><ID>theirs</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>7</Days></Expiration></Rule>';
    const sign = (method: 'GET' | 'PUT', query: Readonly<Record<string, string>>, headers = {}) =>
      clientOf(config).getPresignedUrl(method, '/', 60, { ...query }, headers);
    await fetch(await sign('PUT', {}), { method: 'PUT' });
    const body = `<LifecycleConfiguration>${theirs}</LifecycleConfiguration>`;
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const made = await fetch(await sign('PUT', { lifecycle: '' }, headers), { method: 'PUT', headers, body });
    expect(made.status).toBe(200);
    for (let process = 0; process < 2; process++)
      await openS3Images({ ...config, retentionDays: 90 }).put('a/b.jpg', JPEG, 'image/jpeg');
    const text = await (await fetch(await sign('GET', { lifecycle: '' }))).text();
    expect(text.match(/<Days>\d+<\/Days>/g)?.sort()).toEqual(['<Days>7</Days>', '<Days>90</Days>']);
  });

  test('a signed link gives the picture without a key, until it has been tampered with', async () => {
    const config = await createS3Config({ delivery: 'redirect', link_seconds: 60 });
    const images = openS3Images(config);
    await images.put('a/b.jpg', JPEG, 'image/jpeg');
    const link = (await images.link('a/b.jpg')) ?? '';
    const response = await fetch(link);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(Buffer.from(await response.arrayBuffer()).equals(JPEG)).toBe(true);
    expect((await fetch(link.replace('a/b.jpg', 'a/c.jpg'))).status).toBe(403);
    expect((await fetch(link.split('?')[0] ?? '')).status).toBe(403);
    expect(await images.link('a/missing.jpg')).toBeUndefined();
  });

  test('a picture that was changed in the store is refused, not shown', async () => {
    const config = await createS3Config();
    const images = openS3Images(config);
    await images.put('a/b.jpg', JPEG, 'image/jpeg');
    const written = '4bd4f4e2cd9f0a6b1b0c5f4e7b8a0f3a4bd4f4e2cd9f0a6b1b0c5f4e7b8a0f3a';
    await clientOf(config).putObject('a/b.jpg', Buffer.from('other'), 'image/jpeg', undefined, {
      'x-amz-meta-sha256': written,
    });
    await expect(images.get('a/b.jpg')).rejects.toMatchObject({ code: 'IMAGE_DAMAGED' });
  });

  test.each([
    ['a wrong secret', { secret_access_key: 'wrong' }],
    ['nobody at the address', { endpoint: 'http://127.0.0.1:9' }],
  ])('%s is a store that is away, without the secret in the message', async (_, settings) => {
    const config = await createS3Config(settings);
    const images = openS3Images(config);
    const put = () => images.put('a.jpg', JPEG, 'image/jpeg');
    for (const start of [put, () => images.get('a.jpg'), () => images.ping()]) {
      const error = await start().then(
        () => undefined,
        (fault) => fault,
      );
      expect(error).toMatchObject({ code: 'IMAGES_UNAVAILABLE', retry: true });
      expect(error.message).not.toContain(config.secret_access_key);
    }
  });
});

function clientOf(config: Awaited<ReturnType<typeof createS3Config>>): S3mini {
  const { endpoint, bucket, region, access_key_id: accessKeyId, secret_access_key: secretAccessKey } = config;
  return new S3mini({ endpoint: `${endpoint}/${bucket}`, region, accessKeyId, secretAccessKey });
}
