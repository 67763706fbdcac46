// Most stars first; equal ones by name, so that the order never depends on the answer's.
export function rank(repositories) {
  return repositories
    .toSorted((a, b) => b.stars - a.stars || (a.name < b.name ? -1 : 1))
    .map((repository, index) => ({ rank: index + 1, ...repository }));
}
