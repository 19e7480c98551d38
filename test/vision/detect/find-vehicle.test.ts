import { describe, expect, it } from 'vitest';
import { findVehicle } from '../../../src/vision/detect/find-vehicle.ts';
import type { Detection, DetectionClass } from '../../../src/vision/detection.ts';

const PLATE = { x0: 300, y0: 300, x1: 400, y1: 325 };

function make(name: DetectionClass, x0: number, y0: number, x1: number, y1: number, score = 0.8): Detection {
  return { box: { x0, y0, x1, y1 }, class: name, score };
}

describe('findVehicle', () => {
  it('gives a plate the vehicle around it, whatever stands beside', () => {
    const car = make('car', 180, 120, 520, 380);
    expect(findVehicle(PLATE, [make('car', 520, 100, 800, 380, 0.95), car])).toBe(car);
  });

  it('prefers the car in front to the truck behind it', () => {
    const truck = make('truck', 100, 0, 900, 420, 0.9);
    const car = make('car', 190, 150, 510, 370, 0.6);
    expect(findVehicle(PLATE, [truck, car])).toBe(car);
  });

  it('takes no other plate and no vehicle that cuts the plate off or is as small as it', () => {
    const others = [
      make('plate', 290, 290, 410, 335),
      make('car', 340, 100, 700, 380),
      make('motorcycle', 298, 250, 402, 340),
    ];
    expect(findVehicle(PLATE, others)).toBeUndefined();
  });

  it('does not depend on the order', () => {
    const all = [make('car', 180, 120, 520, 380), make('truck', 150, 100, 560, 390), make('bus', 0, 0, 900, 500)];
    expect(findVehicle(PLATE, all.toReversed())).toBe(findVehicle(PLATE, all));
  });
});
