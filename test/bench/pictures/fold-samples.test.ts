import { expect, test } from 'vitest';
import { foldSamples, nameStage, parseSamples, splitOperators } from '../../../bench/pictures/fold-samples.ts';

const LETTERBOX = `MainThread 27948  5711.626617: 
	         17aae2d Builtins_TypedArrayPrototypeSet (/opt/node/bin/node)
	    7f418828785e JS:^planAxis file:///srv/alpr/src/vision/detect/plan-axis.ts:25:25 (/tmp/perf-27948.map)
	    7f41882662d4 JS:~fit file:///srv/alpr/src/vision/detect/letterbox.ts:48:6 (/tmp/perf-27948.map)
	    7f4188264e94 JS:*recognisePicture file:///srv/alpr/src/vision/recognise.ts:48:39 (/tmp/perf-27948.map)
	         17611f5 Builtins_PromiseFulfillReactionJob (/opt/node/bin/node)
`;
const DETECTOR = `alpr-detect 28064  5712.976316: 
	         14c0f83 [unknown] (/srv/alpr/node_modules/onnxruntime-node/libonnxruntime.so.1)
	    7f3f44642710 [unknown] ([unknown])
`;
const GARBAGE = `V8Worker 27950  5713.1: 
	          b00000 v8::internal::Scavenger::Process (/opt/node/bin/node)
	          b00001 v8::internal::ScavengerCollector::JobTask::Run (/opt/node/bin/node)
`;
const COMPILING = `V8Worker 27950  5713.2: 
	          b00000 v8::internal::compiler::Node::New (/opt/node/bin/node)
	          b00001 v8::internal::OptimizingCompileTaskExecutor::CompileTask::Run (/opt/node/bin/node)
`;
const DECODING = `libuv-worker 27951  5713.3: 
	          c00000 [unknown] (/srv/alpr/node_modules/jpeg-turbo/libturbojpeg.so.0)
`;
const SAMPLES = parseSamples([LETTERBOX, DETECTOR, GARBAGE, COMPILING, DECODING].join('\n'));

test('a sample has its thread, its second and its frames from the root to the leaf', () => {
  expect(SAMPLES).toHaveLength(5);
  expect(SAMPLES[0]).toMatchObject({ thread: 'MainThread', seconds: 5711.626617 });
  expect(SAMPLES[0]?.frames.at(-1)).toEqual({ name: 'Builtins_TypedArrayPrototypeSet', library: 'node' });
});

test('each sample belongs to one part of the work', () => {
  expect(SAMPLES.map(nameStage)).toEqual(['letterbox', 'detector', 'collecting garbage', 'compiling', 'decoding']);
});

test('a stack has the functions of the program and the library at its end', () => {
  expect([...foldSamples(SAMPLES).keys()].slice(0, 2)).toEqual([
    'letterbox;recognisePicture (recognise);fit (letterbox);planAxis (plan-axis);node',
    'detector;libonnxruntime',
  ]);
});

test('the time of ONNX Runtime is shared out among the operators of that network', () => {
  const stacks = new Map([
    ['detector;libonnxruntime', 8],
    ['reader;libonnxruntime', 2],
  ]);
  const split = splitOperators(stacks, {
    detector: new Map([
      ['Conv', 300],
      ['Add', 100],
    ]),
  });
  expect(Object.fromEntries(split)).toEqual({
    'detector;libonnxruntime;Conv': 6,
    'detector;libonnxruntime;Add': 2,
    'reader;libonnxruntime': 2,
  });
});
