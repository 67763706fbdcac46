(function (input) {
  var response = fetch('https://api.example.com/users/' + input.userId, {
    method: 'GET',
    headers: { Accept: 'application/json' },
  });
  var user = response.body;
  if (!user.email) {
    throw new DataError('user ' + input.userId + ' has no e-mail address');
  }
  var sent = fetch(
    'https://api.example.com/mails',
    { method: 'POST', headers: { 'Content-Type': 'application/json' } },
    { to: user.email, text: input.text },
  );
  return { status: sent.status, to: user.email };
})
