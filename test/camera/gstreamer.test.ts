import { describe, expect, test } from 'vitest';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { checkElements } from '../../src/camera/gstreamer-elements.ts';
import { createGstreamerParser } from '../../src/camera/gstreamer-log.ts';
import { buildPipeline, type GstreamerConfig } from '../../src/camera/gstreamer-pipeline.ts';

const seen = { width: 1920, height: 1080, fullRange: false, rate: 25 };

function configure(fields: object): GstreamerConfig {
  return cameraConfigSchema.parse({ id: 'gate', decoder: 'gstreamer', ...fields }) as GstreamerConfig;
}

/** The pipeline as one would type it. */
function describePipeline(fields: object, hardware: boolean): string {
  const args = buildPipeline(configure(fields), { hardware, url: 'rtsp://127.0.0.1:7000/live', seen });
  return args.slice(args.indexOf('gst-launch-1.0') + 2).join(' ');
}

describe('The command line of GStreamer', () => {
  test('on a Jetson decodes, turns and scales by its hardware, and copies only pictures that are processed', () => {
    expect(describePipeline({ kind: 'rtsp', url: 'rtsp://guard:secret@camera/live', rotate: 90, fps: 15 }, true)).toBe(
      [
        'rtspsrc location="rtsp://127.0.0.1:7000/live" protocols=tcp latency=200 tcp-timeout=30000000',
        'application/x-rtp,media=video ! decodebin',
        'videorate drop-only=true skip-to-first=true ! video/x-raw(ANY),framerate=15000/1000',
        'nvvidconv flip-method=3 ! video/x-raw(memory:NVMM)',
        'identity name=seen silent=false',
        'tee name=both both.',
        'queue max-size-buffers=2 max-size-bytes=0 max-size-time=0',
        'nvvidconv',
        'video/x-raw,format=I420 ! fdsink fd=4 sync=false both.',
        'queue max-size-buffers=2 max-size-bytes=0 max-size-time=0',
        'nvvidconv interpolation-method=2 ! video/x-raw,format=RGBA,width=640,height=360',
        'videoconvert ! video/x-raw,format=RGB ! fdsink fd=3 sync=false',
      ].join(' ! '),
    );
  });

  test('puts what others chose into quotes', () => {
    const text = describePipeline({ kind: 'file', path: '/videos/a "b" \\ ! fakesrc.mp4' }, false);
    expect(text).toMatch(/^-t filesrc location="\/videos\/a \\"b\\" \\\\ ! fakesrc\.mp4" ! decodebin ! /);
  });

  test('asks no element to fetch what a file names', () => {
    const args = buildPipeline(configure({ kind: 'file', path: 'a.mp4' }), { hardware: false });
    const ranks = args.find((arg) => arg.startsWith('GST_PLUGIN_FEATURE_RANK='));
    for (const element of ['hlsdemux', 'hlsdemux2', 'dashdemux', 'mssdemux', 'sdpdemux'])
      expect(ranks).toContain(`${element}:NONE`);
  });
});

describe('A machine without what a camera needs', () => {
  const whole = ['decodebin', 'fakesink', 'fdsink', 'identity', 'queue', 'tee', 'videorate', 'rtspsrc'];
  const software = ['capssetter', 'deinterlace', 'videoconvert', 'videoscale', 'videoflip', 'avdec_h264'];
  test.for([
    [
      undefined,
      /^Expected gst-inspect-1\.0, but GStreamer is not installed\. Install it .*apt install gstreamer1\.0-tools/,
    ],
    [
      { version: '1.16.3', elements: new Set<string>() },
      /^Expected GStreamer 1\.18 or newer, but this machine has 1\.16/,
    ],
    [
      { version: '1.22.0', elements: new Set([...whole, ...software].filter((name) => name !== 'rtspsrc')) },
      /^GStreamer 1\.22\.0 lacks rtspsrc\. /,
    ],
    [
      { version: '1.22.0', elements: new Set([...whole, ...software.slice(0, 5)]) },
      /^GStreamer 1\.22\.0 lacks a decoder of H\.264, such as avdec_h264\. /,
    ],
  ] as const)('is told what to install: %#', ([found, message]) => {
    expect(() => checkElements(found, 'rtsp')).toThrow(message);
  });

  test('needs no scaler of the processor where the hardware has one', () => {
    const elements = new Set([...whole, 'videoconvert', 'nvv4l2decoder', 'nvvidconv']);
    expect(() => checkElements({ version: '1.20.3', elements }, 'rtsp')).not.toThrow();
  });
});

describe('A line of gst-launch-1.0', () => {
  const at = '/GstPipeline:pipeline0/';
  test.for([
    [
      `${at}GstIdentity:seen.GstPad:src: caps = video/x-raw, format=(string)I420, width=(int)320, height=(int)180, interlace-mode=(string)progressive, pixel-aspect-ratio=(fraction)1/1, chroma-site=(string)mpeg2, colorimetry=(string)bt709, framerate=(fraction)30/1`,
      { kind: 'input', width: 320, height: 180, fullRange: false, rate: 30 },
    ],
    [
      `${at}GstIdentity:seen.GstPad:src: caps = video/x-raw(memory:NVMM), width=(int)1920, height=(int)1080, format=(string)NV12, framerate=(fraction)0/1, colorimetry=(string)1:4:0:0`,
      { kind: 'input', width: 1920, height: 1080, fullRange: true, rate: 0 },
    ],
    [
      `${at}GstIdentity:seen: last-message = chain   ******* (seen:sink) (86400 bytes, dts: none, pts: 0:01:01.500000000, duration: 0:00:00.100000000, offset: 0, offset_end: -1, flags: 00000040 discont , meta: none) 0x7f5c`,
      { kind: 'picture', seconds: 61.5, interlaced: false },
    ],
    [
      `${at}GstDecodeBin:decodebin0/nvv4l2decoder:nvv4l2decoder0.GstPad:src: caps = video/x-raw(memory:NVMM), format=(string)NV12`,
      { kind: 'codec', text: 'nvv4l2decoder' },
    ],
    ['progressreport0 (00:00:01): 0 / 103 seconds ( 0.0 %)', { kind: 'duration', seconds: 103 }],
    ['        datetime: 2025-11-29T09:15:30Z', { kind: 'created', text: '2025-11-29T09:15:30Z' }],
    [
      `ERROR: from element ${at}GstRTSPSrc:rtspsrc0: Could not open resource for reading and writing.`,
      { kind: 'fault', text: 'Could not open resource for reading and writing.' },
    ],
    ['Setting pipeline to PAUSED ...', undefined],
    [
      '../gst/rtsp/gstrtspsrc.c(8114): gst_rtspsrc_retrieve_sdp (): /GstPipeline:pipeline0/GstRTSPSrc:rtspsrc0:',
      undefined,
    ],
  ] as const)('%s', ([line, said]) => {
    expect(createGstreamerParser()(line)).toEqual(said);
  });

  test('after the place of an error says what it was', () => {
    const parse = createGstreamerParser();
    const place =
      '../gst/rtsp/gstrtspsrc.c(8114): gst_rtspsrc_retrieve_sdp (): /GstPipeline:pipeline0/GstRTSPSrc:rtspsrc0:';
    expect([place, 'Failed to connect. (Generic error)', 'Failed to connect. (Generic error)'].map(parse)).toEqual([
      undefined,
      { kind: 'fault', text: 'Failed to connect. (Generic error)' },
      undefined,
    ]);
  });
});
