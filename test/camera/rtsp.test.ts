import { testCamera } from './camera-contract.ts';
import { openRtspFixture, testRtsp } from './rtsp-contract.ts';

testCamera('rtsp', openRtspFixture);
testRtsp('A camera by RTSP over TCP');
