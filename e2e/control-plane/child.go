package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const lastLines = 20

// child is a component that runs as a process of ours, its output in a log of its own.
type child struct {
	name    string
	command *exec.Cmd
	log     string
	ended   chan struct{} // closed when the process is gone; then outcome is set
	outcome string
}

// diedError is a component that ended without being told to.
type diedError struct{ child *child }

func (e *diedError) Error() string {
	return fmt.Sprintf("%s died (%s); the last lines of %s:\n%s", e.child.name, e.child.outcome, e.child.log, tail(e.child.log, lastLines))
}

// startChild starts a component. It dies with the thread that calls this, which therefore must last as long as we do.
func startChild(name, program, logs string, arguments []string, deaths chan<- *child) (*child, error) {
	path := filepath.Join(logs, name+".log")
	log, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := &exec.Cmd{
		Path:   program,
		Args:   append([]string{name}, arguments...),
		Stdout: log,
		Stderr: log,
		// A group of its own, so that a terminal's Ctrl-C reaches only us and the order of the end stays ours.
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true},
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s does not start: %w", name, err)
	}
	started := &child{name: name, command: command, log: path, ended: make(chan struct{})}
	go func() {
		started.outcome = "exit status 0"
		if err := command.Wait(); err != nil {
			started.outcome = err.Error()
		}
		close(started.ended)
		deaths <- started
	}()
	return started, nil
}

// stopChildren ends all, of which the first is etcd: those that write to it first, politely, and by force what is left after
// the grace; etcd at last, by force, since its data goes anyway and it would wait for its clients.
func stopChildren(children []*child, grace time.Duration) {
	if len(children) == 0 {
		return
	}
	etcd, writers := children[0], children[1:]
	select {
	case <-etcd.ended:
		grace = 0 // the API server would wait for it
	default:
	}
	for _, each := range writers {
		_ = each.command.Process.Signal(syscall.SIGTERM)
	}
	deadline := time.NewTimer(grace)
	defer deadline.Stop()
	for _, each := range writers {
		select {
		case <-each.ended:
		case <-deadline.C:
			deadline.Reset(0)
			each.kill()
		}
	}
	etcd.kill()
}

func (c *child) kill() {
	_ = c.command.Process.Kill()
	<-c.ended
}

// tail is the last lines of a file, indented.
func tail(path string, lines int) string {
	const atMost = 64 << 10
	file, err := os.Open(path)
	if err != nil {
		return "  (" + err.Error() + ")"
	}
	defer file.Close()
	if information, err := file.Stat(); err == nil && information.Size() > atMost {
		if _, err := file.Seek(-atMost, io.SeekEnd); err != nil {
			return "  (" + err.Error() + ")"
		}
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return "  (" + err.Error() + ")"
	}
	all := strings.Split(string(bytes.TrimRight(content, "\n")), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return "  " + strings.Join(all, "\n  ")
}
