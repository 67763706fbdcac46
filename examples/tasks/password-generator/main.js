const ALPHABETS = {
  letters: 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ',
  digits: '23456789',
  symbols: '!#$%&*+-=?@_',
};

module.exports = function (input) {
  const alphabet = (input.use ?? ['letters', 'digits']).map((name) => ALPHABETS[name]).join('');
  const passwords = Array.from({ length: input.count ?? 1 }, () => password(alphabet, input.length ?? 20));
  return { passwords, bits: Math.floor((input.length ?? 20) * Math.log2(alphabet.length)) };
};

function password(alphabet, length) {
  let text = '';
  while (text.length < length) {
    // Values above the last full multiple would make the first letters likelier.
    const limit = 256 - (256 % alphabet.length);
    for (const byte of crypto.getRandomValues(new Uint8Array(64))) {
      if (byte < limit && text.length < length) {
        text += alphabet[byte % alphabet.length];
      }
    }
  }
  return text;
}
