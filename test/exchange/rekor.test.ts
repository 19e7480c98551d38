import { expect, test } from 'vitest';
import { encodeRekor } from '../../src/exchange/rekor.ts';
import { makeEvent } from '../store/make-event.ts';
import { listPaths } from './key-paths.ts';

/** The sample in OpenALPR's documentation of its agent ("Group Results"), without most candidates. */
const SAMPLE = {
  version: 1,
  data_type: 'alpr_group',
  epoch_start: 1448326208789,
  epoch_end: 1448326210046,
  company_id: '44c9274f-8d57-432a-8cd7-8c991f22ead3',
  camera_id: 1414799424,
  uuids: ['dimitar-video-cam1414799424-1448326208789'],
  best_plate: {
    plate: 'A13709',
    confidence: 92.075203,
    matches_template: 0,
    plate_index: 0,
    region: 'mo',
    region_confidence: 0,
    processing_time_ms: 96.942459,
    requested_topn: 10,
    coordinates: [{ x: 204, y: 134 }],
    candidates: [{ plate: 'A13709', confidence: 92.075203, matches_template: 0 }],
  },
  best_confidence: 92.075203,
  best_uuid: 'dimitar-video-cam1414799424-1448326208789',
  best_plate_number: 'A13709',
};

/** What a public receiver of version 2 stores: the schema of groups in OpenALPR-Webhook. */
const STORED =
  'data_type version epoch_start epoch_end frame_start frame_end company_id agent_uid agent_version agent_type camera_id gps_latitude gps_longitude country uuids vehicle_path plate_indexes candidates best_plate best_confidence best_plate_number best_region best_region_confidence matches_template plate_path vehicle_crop_jpeg overview_jpeg best_uuid best_uuid_epoch_ms best_image_width best_image_height travel_direction is_parked is_preview vehicle_signature vehicle web_server_config direction_of_travel_id custom_data';

const EVENT = makeEvent({ text: 'A13709', camera: 'gate' });

test('A webhook of Rekor has what its sample has, with the same types, and all that receivers store', () => {
  const group = encodeRekor(EVENT);
  const paths = new Set(listPaths(group));
  expect(listPaths(SAMPLE).filter((path) => !paths.has(path))).toEqual([]);
  expect(STORED.split(' ').filter((name) => !(name in group))).toEqual([]);
});

test('Its confidences are percentages, its camera is a number that stays, and pictures go along as base64', () => {
  const plate = { ...EVENT.plate, confidence: 0.92075, region: 'us-mo', region_confidence: 0.5 };
  const given = { plate: Buffer.from('plate'), vehicle: Buffer.from('vehicle') };
  expect(encodeRekor({ ...EVENT, status: 'provisional', plate }, given)).toMatchObject({
    best_plate_number: 'A13709',
    best_confidence: 92.075,
    best_region: 'us-mo',
    best_region_confidence: 50,
    country: 'us',
    is_preview: true,
    // CRC-32 of "gate" by Python's zlib.crc32.
    camera_id: 3089864852,
    best_plate: { plate_crop_jpeg: 'cGxhdGU=' },
    vehicle_crop_jpeg: 'dmVoaWNsZQ==',
  });
});
