// Command traffic is the real servers and the clients of the lab: one static program without a runtime to start, so
// that it is quick in an emulated guest as well. Results are one JSON object on standard output, durations in
// milliseconds of the monotonic clock, instants in milliseconds since 1970.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  traffic serve --name NAME --listen ADDRESS:PORT...   answers GET with "NAME CLIENT-ADDRESS", keeps streams of hold
  traffic get   --to ADDRESS:PORT [--requests N | --duration D] [--interval D] [--timeout D] [--source ADDRESS]
  traffic hold  --to ADDRESS:PORT [--streams N] [--interval D] [--duration D] [--source ADDRESS]
  traffic probe                                        reads "ID http URL TIMEOUT-MS" or "ID tcp ADDRESS:PORT TIMEOUT-MS"
                                                       lines, answers "ID ok" or "ID failed REASON"
get and hold end early, with their result, on SIGINT and SIGTERM.
`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)

	var err error
	switch command, arguments := os.Args[1], os.Args[2:]; command {
	case "serve":
		err = serve(arguments, stop)
	case "get":
		err = get(arguments, stop)
	case "hold":
		err = hold(arguments, stop)
	case "probe":
		err = probe(os.Stdin, os.Stdout)
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "traffic:", err)
		os.Exit(1)
	}
}
