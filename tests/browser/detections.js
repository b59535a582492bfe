// What the file of detections says of a frame.

const BOX = [0.1, 0.2, 0.5, 0.6];

export function detection(fields) {
  return { label: "ball", box: BOX, score: 0.9, kind: "right", truth: 0, ...fields };
}

export function truth(fields) {
  return { label: "ball", box: BOX, score: 0, seen_as: "", seen_as_score: 0, ...fields };
}
