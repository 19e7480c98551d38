import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { encodeJpeg } from '../../src/base/jpeg.ts';
import { simulatorSchema } from '../../src/camera/config.ts';
import { openSimulator } from '../../src/camera/simulator/simulator.ts';
import { cropImage } from '../../src/vision/crop.ts';

/** Taken eight times a second and shown twice a second: a busy machine follows slow vehicles, too. */
const [TAKEN, SHOWN] = [8, 2];
const SECONDS = 16;

/** A camera that sends the same stretch of road again and again as motion JPEG, until it is blinded. */
export type RoadCamera = AsyncDisposable & { readonly url: string; isBlind: boolean };

export async function openRoadCamera(): Promise<RoadCamera> {
  const [pictures, black] = await Promise.all([renderRoad(), paintBlack()]);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=picture' });
    let count = 0;
    const timer = setInterval(() => {
      const jpeg = camera.isBlind ? black : (pictures[count++ % pictures.length] ?? black);
      response.write(`--picture\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(jpeg);
      response.write('\r\n');
    }, 1000 / SHOWN);
    response.on('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const camera: RoadCamera = {
    url: `http://127.0.0.1:${port}/road.mjpg`,
    isBlind: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
  return camera;
}

async function renderRoad(): Promise<readonly Buffer[]> {
  const config = simulatorSchema.parse({
    ...{ kind: 'simulator', id: 'road', fps: TAKEN, night: false, lanes: 3, realtime: false },
    // Nine vehicles in the stretch: ten plates, below which a share says nothing, take a minute and a quarter.
    ...{ passages_per_minute: 120, seed: 11 },
  });
  await using road = await openSimulator(config);
  const pictures: Buffer[] = [];
  for await (const { image } of road.frames(new AbortController().signal)) {
    pictures.push(await encodeJpeg(cropImage(image, { x0: 0, y0: 0, x1: image.width, y1: image.height }), 85));
    if (pictures.length === TAKEN * SECONDS) break;
  }
  return pictures;
}

function paintBlack(): Promise<Buffer> {
  return sharp({ create: { width: 1280, height: 720, channels: 3, background: 'black' } })
    .jpeg()
    .toBuffer();
}
