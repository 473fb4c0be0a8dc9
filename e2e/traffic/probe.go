package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// probe makes a kubelet's checks in the network namespace that it was started in; ends when its input has ended and the
// last check is answered.
func probe(input io.Reader, output io.Writer) error {
	client := &http.Client{
		// Each check a connection of its own, no certificate checked, no redirect followed: as a kubelet does.
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	var writing sync.Mutex
	var checks sync.WaitGroup
	defer checks.Wait()
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 4 {
			return fmt.Errorf("not \"ID KIND TARGET TIMEOUT-MS\": %q", lines.Text())
		}
		millis, err := strconv.Atoi(words[3])
		if err != nil {
			return err
		}
		checks.Add(1)
		go func() {
			defer checks.Done()
			verdict := "ok"
			if err := check(client, words[1], words[2], time.Duration(millis)*time.Millisecond); err != nil {
				verdict = "failed " + strings.ReplaceAll(err.Error(), "\n", " ")
			}
			writing.Lock()
			defer writing.Unlock()
			fmt.Fprintln(output, words[0], verdict)
		}()
	}
	return lines.Err()
}

func check(client *http.Client, kind, target string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	switch kind {
	case "tcp":
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", target)
		if err != nil {
			return err
		}
		return connection.Close()
	case "http":
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
		if err != nil {
			return err
		}
		request.Header.Set("User-Agent", "kube-probe/process-node")
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode < 200 || response.StatusCode >= 400 {
			return fmt.Errorf("status %d", response.StatusCode)
		}
		return nil
	default:
		return fmt.Errorf("unknown kind %q", kind)
	}
}
