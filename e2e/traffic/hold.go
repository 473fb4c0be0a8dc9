package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// held is the result of one stream of hold.
type held struct {
	Server     string `json:"server"`
	Sent       int    `json:"sent"`
	Received   int    `json:"received"`
	LongestGap gap    `json:"longestGap"` // between two bytes that came back
	End        string `json:"end"`        // open: still there at the end; else closed, reset, timeout, refused, unreachable, other
}

const connectLimit = 10 * time.Second

func hold(arguments []string, stop <-chan os.Signal) error {
	flags := flag.NewFlagSet("traffic hold", flag.ContinueOnError)
	to := flags.String("to", "", "ADDRESS:PORT")
	streams := flags.Int("streams", 1, "how many TCP connections")
	interval := flags.Duration("interval", 100*time.Millisecond, "between two bytes of one stream")
	duration := flags.Duration("duration", 0, "for how long; 0: until a signal")
	source := flags.String("source", "", "local address")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	dialer, err := newDialer(*to, *source, connectLimit)
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		var limit <-chan time.Time
		if *duration > 0 {
			limit = time.After(*duration)
		}
		select {
		case <-stop:
		case <-limit:
		}
		close(done)
	}()

	results := make([]held, *streams)
	var running, connected sync.WaitGroup
	connected.Add(*streams)
	for i := range results {
		running.Add(1)
		go func() {
			defer running.Done()
			results[i] = stream(dialer, *to, *interval, connected.Done, done)
		}()
	}
	connected.Wait()
	fmt.Fprintln(os.Stderr, "connected")
	running.Wait()
	return json.NewEncoder(os.Stdout).Encode(results)
}

// stream sends a byte at every interval and notes when each comes back.
func stream(dialer *net.Dialer, to string, interval time.Duration, connected func(), done <-chan struct{}) held {
	connection, reader, server, err := open(dialer, to)
	connected()
	if err != nil {
		return held{End: kindOf(err)}
	}
	defer connection.Close()

	result := held{Server: server, End: "open"}
	echoes := make(chan time.Time)
	failed := make(chan error, 1)
	go func() {
		for {
			if _, err := reader.ReadByte(); err != nil {
				failed <- err
				return
			}
			select {
			case echoes <- time.Now():
			case <-done:
				return
			}
		}
	}()
	last := time.Now()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			result.LongestGap.widen(last, time.Now())
			return result
		case at := <-echoes:
			result.LongestGap.widen(last, at)
			result.Received++
			last = at
		case err := <-failed:
			result.End = endOf(err)
			return result
		case <-ticker.C:
			connection.SetWriteDeadline(time.Now().Add(interval))
			if _, err := connection.Write([]byte{'.'}); err == nil {
				result.Sent++
			} else if !errors.Is(err, os.ErrDeadlineExceeded) { // a full send buffer is a gap, not an end
				result.End = endOf(err)
				return result
			}
		}
	}
}

func open(dialer *net.Dialer, to string) (net.Conn, *bufio.Reader, string, error) {
	connection, err := dialer.Dial("tcp", to)
	if err != nil {
		return nil, nil, "", err
	}
	reader := bufio.NewReader(connection)
	connection.SetDeadline(time.Now().Add(connectLimit))
	if _, err = io.WriteString(connection, holdLine+"\n"); err == nil {
		var greeting string
		if greeting, err = reader.ReadString('\n'); err == nil {
			connection.SetDeadline(time.Time{})
			server, _, _ := strings.Cut(greeting, " ")
			return connection, reader, server, nil
		}
	}
	connection.Close()
	return nil, nil, "", err
}

func endOf(err error) string {
	if errors.Is(err, io.EOF) {
		return "closed"
	}
	return kindOf(err)
}
