// Curves of a model, as the server sends them.

export function model(fields) {
  return { description: "finder", first_step: 0, best_step: null, steps: [], series: {}, ...fields };
}
