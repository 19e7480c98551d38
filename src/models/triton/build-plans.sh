#!/bin/sh
# Builds TensorRT engines of the networks beside it for the GPU of this machine, as a repository of their own for Triton.
#
#   ./build-plans.sh fp16
#   PICTURES=/srv/pictures ./build-plans.sh int8
#
# An engine runs on the GPU model and the version of TensorRT with which it was built, so run this on each device; a calibration
# cache can be copied from one to the other. Needs trtexec (TensorRT 8.6 to 10), python3 with onnx; for int8 also polygraphy.
set -eu
precision=${1:-fp16}
case $precision in fp32 | fp16 | int8) ;; *) echo "expected fp32, fp16 or int8, got $precision" >&2; exit 2 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
trtexec=$(command -v trtexec || echo /usr/src/tensorrt/bin/trtexec)
[ -x "$trtexec" ] || { echo "trtexec is missing: install TensorRT, or run this in NVIDIA's container of it" >&2; exit 1; }
if [ -r /proc/device-tree/model ]; then device=$(tr -d '\0' </proc/device-tree/model)
else device=$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1); fi
device=$(printf %s "$device" | tr -cs 'A-Za-z0-9' '-')
target=$here/plans/$device-$precision

# build MODEL INPUT HEIGHTxWIDTH MIN OPT MAX: the shapes are empty where the network has one size only.
build() {
  model=$1 input=$2 size=$3
  onnx=$here/float/$model.onnx cache=$here/calibration/$model.cache folder=$target/$model
  mkdir -p "$here/float" "$here/calibration" "$folder/1"
  [ -f "$onnx" ] || python3 "$here/to-float.py" "$here/models/$model/1/model.onnx" "$onnx"
  set -- ${4:+"--minShapes=$input:$4"} ${4:+"--optShapes=$input:${5:-}"} ${4:+"--maxShapes=$input:${6:-}"}
  case $precision in
    fp16) set -- "$@" --fp16 ;;
    int8) calibrate; set -- "$@" --fp16 --int8 "--calib=$cache" ;;
  esac
  sed 's/^platform: .*/platform: "tensorrt_plan"/' "$here/models/$model/config.pbtxt" >"$folder/config.pbtxt"
  "$trtexec" "--onnx=$onnx" "--saveEngine=$folder/1/model.plan" "--timingCacheFile=$here/plans/$device.timing" --skipInference "$@"
}

calibrate() {
  [ -f "$cache" ] && return
  [ -d "${PICTURES:-}/$model" ] || { echo "expected a folder of pictures at \$PICTURES/$model, or $cache of another device" >&2; exit 1; }
  NAME=$input SIZE=$size PICTURES=$PICTURES/$model polygraphy convert "$onnx" --int8 --calibration-cache "$cache" \
    --data-loader-script "$here/pictures.py" --calib-base-cls IInt8EntropyCalibrator2 -o "$here/calibration/$model.plan"
  rm "$here/calibration/$model.plan"
}

# models: begin
# models: end
echo "Start Triton with --model-repository=$target"
