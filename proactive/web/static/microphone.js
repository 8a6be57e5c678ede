// The microphone: opened for one turn, closed after it; why it cannot be opened, and what to do, in words.

const WHY = {
  NotAllowedError: "The microphone is blocked for this page. Allow it in the browser (tap the sign beside the address, then Microphone), and tap again.",
  NotFoundError: "There is no microphone here. Plug one in, or type.",
  NotReadableError: "Another program is using the microphone. Close it, then tap again.",
};

/** Open the microphone: `take(pcm, level)` gets 16-bit PCM, 16,000 a second, and how loud it is (0..1); `lost` is called when it is gone. */
export async function microphone(take, lost) {
  if (!isSecureContext || !navigator.mediaDevices?.getUserMedia) throw said(insecure());
  const context = new AudioContext(); // made while the tap is on: later a browser may keep it silent
  let stream = null;
  const close = () => { stream?.getTracks().forEach((track) => track.stop()); context.close().catch(() => {}); };
  try {
    // Without gain control who speaks near stays louder than who speaks far: the end of a turn is heard by that.
    stream = await navigator.mediaDevices.getUserMedia({ audio: { autoGainControl: false, echoCancellation: true, noiseSuppression: true, channelCount: 1 } });
    await context.audioWorklet.addModule(new URL("worklet.js", import.meta.url));
    await context.resume();
    const node = new AudioWorkletNode(context, "pcm", { channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => take(data.pcm, data.level);
    context.createMediaStreamSource(stream).connect(node).connect(context.destination); // it stays silent; unconnected it may not run
    stream.getAudioTracks()[0].addEventListener("ended", lost);
  } catch (error) {
    close();
    throw said(WHY[error.name] ?? `The microphone could not be opened (${error.name}). Type instead.`);
  }
  return { close };
}

function insecure() {
  const here = `http://localhost:${location.port || 80}`;
  return `A browser hands the microphone only to a page that came encrypted. Open this page with https (under “You” it says how), or, on the machine that runs it, at ${here}.`;
}

function said(words) {
  return Object.assign(new Error(words), { said: words });
}
