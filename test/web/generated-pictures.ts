import sharp, { type Region } from 'sharp';
import { FRAME, quadAt, TEXTS } from './generated-events.ts';

/** Draws the picture that an image key names: `…/text/{plate,vehicle,frame}.jpg` of a generated event, or one of a lost plate. */
export async function drawStoredPicture(key: string): Promise<Buffer | undefined> {
  if (key.includes('/lost/')) return drawOnce(drawPlate('ABX1C92'), undefined, 7);
  const [, text, kind] = /([a-z0-9]+)\/(plate|vehicle|frame)\.jpg$/.exec(key) ?? [];
  if (text === undefined) return undefined;
  const name = text.toUpperCase();
  if (kind === 'plate') return drawOnce(drawPlate(name));
  if (kind === 'frame') return drawOnce(drawRoad(name, 0));
  return drawOnce(drawRoad(name, 0), { left: 190, top: 120, width: 480, height: 360 });
}

/** Draws the newest picture of a generated camera. */
export function drawCameraPicture(turn: number): Promise<Buffer> {
  const text = TEXTS[Math.floor(turn / 12) % TEXTS.length] as string;
  return drawOnce(drawRoad(text, ((turn % 12) - 8) * 40));
}

const drawn = new Map<string, Promise<Buffer>>();

/** Each visit of a screen asks for the same fifty pictures. */
function drawOnce(svg: string, part?: Region, blur = 1): Promise<Buffer> {
  const key = svg + JSON.stringify([part, blur]);
  const drawing = drawn.get(key) ?? toJpeg(svg, part, blur);
  drawn.set(key, drawing);
  return drawing;
}

function toJpeg(svg: string, part: Region | undefined, blur: number): Promise<Buffer> {
  const picture = sharp(Buffer.from(svg)).blur(blur);
  return (part ? picture.extract(part) : picture).jpeg({ quality: 82 }).toBuffer();
}

function drawPlate(text: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="64"><rect width="256" height="64" fill="#c8c9c2"/>
    <rect width="20" height="64" fill="#31539a"/><text x="138" y="50" font-family="sans-serif" font-weight="700" font-size="46"
    font-stretch="condensed" text-anchor="middle" fill="#23272b">${text}</text></svg>`;
}

function drawRoad(text: string, shift: number): string {
  const [[x, y] = [0, 0]] = quadAt(shift);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME.w}" height="${FRAME.h}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#93a7b5"/><stop offset="1" stop-color="#d5d8d4"/>
    </linearGradient><linearGradient id="road" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#6b6e70"/><stop offset="1"
    stop-color="#45484b"/></linearGradient></defs>
    <rect width="960" height="180" fill="url(#sky)"/><rect y="170" width="960" height="370" fill="url(#road)"/>
    <path d="M0 150 L240 120 L420 158 L640 110 L960 150 L960 190 L0 190Z" fill="#5d6d5a"/>
    <path d="M-40 540 L330 190 M1000 540 L520 190" stroke="#d9d9d2" stroke-width="7"/>
    <path d="M470 540 L428 190" stroke="#d9d9d2" stroke-width="6" stroke-dasharray="46 40"/>
    <g transform="translate(${x - 78} ${y - 190})"><ellipse cx="146" cy="262" rx="184" ry="20" fill="#1d1f20" opacity="0.6"/>
    <path d="M-10 250 L-10 130 Q-4 100 24 90 L60 16 Q66 4 84 4 L212 4 Q228 4 236 16 L270 90 Q300 100 304 132 L304 254 Z" fill="#7b2d2b"/>
    <path d="M48 84 L78 22 L218 22 L246 84 Z" fill="#20292f"/><rect x="-2" y="120" width="52" height="24" rx="9" fill="#e6d9b4"/>
    <rect x="244" y="122" width="52" height="24" rx="9" fill="#e6d9b4"/><rect x="52" y="128" width="190" height="40" rx="6" fill="#2b2324"/></g>
    <g transform="translate(${x} ${y}) skewY(2.600)"><rect width="132" height="32" fill="#d6d7cf"/><rect width="10" height="32" fill="#31539a"/>
    <text x="71" y="26" font-family="sans-serif" font-weight="700" font-size="25" font-stretch="condensed"
    text-anchor="middle" fill="#1f2326">${text}</text></g></svg>`;
}
