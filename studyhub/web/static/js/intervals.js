// Parts of a video that were shown, as [from, to] in seconds: merged, ascending.
export function merged(intervals) {
  const parts = [];
  for (const [from, to] of [...intervals].sort((one, other) => one[0] - other[0])) {
    const last = parts[parts.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) parts.push([from, to]);
  }
  return parts;
}

export function length(intervals) {
  return intervals.reduce((sum, [from, to]) => sum + to - from, 0);
}
