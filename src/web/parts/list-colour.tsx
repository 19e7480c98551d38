/** The colour of a list or an entry; nothing where it has none. */
export function ListColour({ colour }: { colour: string }) {
  if (colour === '') return null;
  return (
    <svg class="list-colour" viewBox="0 0 10 10" aria-hidden="true">
      <circle cx="5" cy="5" r="5" fill={colour} />
    </svg>
  );
}
