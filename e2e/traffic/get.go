package main

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// spread is the result of get.
type spread struct {
	Requests   int            `json:"requests"`
	Answers    map[string]int `json:"answers"`    // by the real server's name
	ClientSeen map[string]int `json:"clientSeen"` // by the client's address as the real server saw it
	Failures   map[string]int `json:"failures"`   // by kind: timeout, refused, unreachable, reset, other
	LongestGap gap            `json:"longestGap"`
	Millis     int64          `json:"millis"`
}

// gap is a time without an answer.
type gap struct {
	Millis          int64 `json:"millis"`
	FromEpochMillis int64 `json:"fromEpochMillis"`
}

// widen takes a silence from one instant to another into account.
func (g *gap) widen(from, to time.Time) {
	if millis := to.Sub(from).Milliseconds(); millis > g.Millis {
		*g = gap{Millis: millis, FromEpochMillis: from.UnixMilli()}
	}
}

type outcome struct {
	server, client string
	failure        string
	at             time.Time
}

func get(arguments []string, stop <-chan os.Signal) error {
	flags := flag.NewFlagSet("traffic get", flag.ContinueOnError)
	to := flags.String("to", "", "ADDRESS:PORT")
	requests := flags.Int("requests", 0, "how many; 0: until --duration or a signal")
	duration := flags.Duration("duration", 0, "for how long; 0: until --requests or a signal")
	interval := flags.Duration("interval", 0, "a new request each time this has passed, whether or not the last was answered; 0: one after the other")
	timeout := flags.Duration("timeout", 5*time.Second, "of one request")
	source := flags.String("source", "", "local address")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	dialer, err := newDialer(*to, *source, *timeout)
	if err != nil {
		return err
	}

	start := time.Now()
	outcomes := make(chan outcome)
	result := spread{Answers: map[string]int{}, ClientSeen: map[string]int{}, Failures: map[string]int{}}
	collected := make(chan time.Time)
	go func() { collected <- collect(&result, start, outcomes) }()

	var deadline <-chan time.Time
	if *duration > 0 {
		deadline = time.After(*duration)
	}
	var running sync.WaitGroup
	sent := 0
	ticks, stopTicks := paces(*interval)
	defer stopTicks()
sending:
	for *requests == 0 || sent < *requests {
		select {
		case <-stop:
			break sending
		case <-deadline:
			break sending
		case <-ticks:
			sent++
			if *interval == 0 {
				outcomes <- request(dialer, *to, *timeout)
				continue
			}
			running.Add(1)
			go func() {
				defer running.Done()
				outcomes <- request(dialer, *to, *timeout)
			}()
		}
	}
	end := time.Now()
	running.Wait()
	close(outcomes)
	last := <-collected
	result.LongestGap.widen(last, end)
	result.Requests = sent
	result.Millis = time.Since(start).Milliseconds()
	return json.NewEncoder(os.Stdout).Encode(result)
}

// paces says when the next request is due: at once and then at every interval, or always.
func paces(interval time.Duration) (<-chan time.Time, func()) {
	if interval == 0 {
		always := make(chan time.Time)
		close(always)
		return always, func() {}
	}
	ticker := time.NewTicker(interval)
	return ticker.C, ticker.Stop
}

// collect counts until outcomes is closed and returns the instant of the last answer, or start.
func collect(result *spread, start time.Time, outcomes <-chan outcome) time.Time {
	last := start
	for one := range outcomes {
		if one.failure != "" {
			result.Failures[one.failure]++
			continue
		}
		result.Answers[one.server]++
		result.ClientSeen[one.client]++
		if one.at.After(last) {
			result.LongestGap.widen(last, one.at)
			last = one.at
		}
	}
	return last
}

func newDialer(to, source string, timeout time.Duration) (*net.Dialer, error) {
	if _, err := netip.ParseAddrPort(to); err != nil {
		return nil, errors.New("--to must be ADDRESS:PORT or [ADDRESS]:PORT: " + to)
	}
	dialer := &net.Dialer{Timeout: timeout}
	if source != "" {
		address, err := netip.ParseAddr(source)
		if err != nil {
			return nil, errors.New("--source must be an address: " + source)
		}
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(address, 0))
	}
	return dialer, nil
}

// request makes one HTTP request on a connection of its own.
func request(dialer *net.Dialer, to string, timeout time.Duration) outcome {
	deadline := time.Now().Add(timeout)
	connection, err := dialer.Dial("tcp", to)
	if err != nil {
		return outcome{failure: kindOf(err)}
	}
	defer connection.Close()
	connection.SetDeadline(deadline)
	if _, err := io.WriteString(connection, "GET / HTTP/1.0\r\nHost: lab\r\n\r\n"); err != nil {
		return outcome{failure: kindOf(err)}
	}
	answer, err := io.ReadAll(io.LimitReader(connection, 64<<10))
	if err != nil {
		return outcome{failure: kindOf(err)}
	}
	head, body, found := strings.Cut(string(answer), "\r\n\r\n")
	words := strings.Fields(body)
	if !found || !strings.Contains(head, " 200 ") || len(words) != 2 {
		return outcome{failure: "other"}
	}
	return outcome{server: words[0], client: words[1], at: time.Now()}
}

func kindOf(err error) string {
	var network net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "unreachable"
	case errors.As(err, &network) && network.Timeout():
		return "timeout"
	default:
		return "other"
	}
}
