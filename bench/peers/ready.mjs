// Every peer listens on a free port of the loopback and tells it, once, on its standard output.
export function tellReady(port) {
  console.log(`listening ${port}`)
}

export function listen(server) {
  server.listen(0, '127.0.0.1', 4096, () => tellReady(server.address().port))
}
