package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const stopGrace = 5 * time.Second

// errStopped is the cause of an end that somebody asked for.
var errStopped = errors.New("stopped")

// plane is a control plane that this process runs.
type plane struct {
	options   options
	files     files
	ports     ports
	authority authority
	began     time.Time
	deaths    chan *child
	children  []*child
}

// up runs a control plane until it is told to stop (nil) or a part of it dies (an error).
func up(arguments []string) error {
	options, err := parseOptions("up", arguments)
	if err != nil {
		return err
	}
	// The children die with the thread that starts them, so it must not be one that Go may end.
	runtime.LockOSThread()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	stopOnSignal(cancel)
	if options.stopWithStdin {
		stopAtEnd(os.Stdin, cancel)
	}
	at := files{options.dir}
	lock, err := takeLock(at)
	if err != nil {
		return err
	}
	defer lock.Close()

	running := &plane{options: options, files: at, began: time.Now(), deaths: make(chan *child, len(componentNames))}
	err = running.run(ctx)
	say("stopping")
	stopChildren(running.children, stopGrace)
	// What is left is for reading: the logs. A kubeconfig for a server that is gone would only mislead.
	err = errors.Join(err, os.RemoveAll(at.data()), os.RemoveAll(at.pki("")), removeIfThere(at.env()), removeIfThere(at.kubeconfig()))
	say("stopped after %s", time.Since(running.began).Round(time.Second))
	return err
}

func stopOnSignal(cancel context.CancelCauseFunc) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		cancel(errStopped)
	}()
}

func stopAtEnd(input io.Reader, cancel context.CancelCauseFunc) {
	go func() {
		_, _ = io.Copy(io.Discard, input)
		cancel(errStopped)
	}()
}

func (p *plane) run(ctx context.Context) error {
	if err := p.prepare(); err != nil {
		return err
	}
	err := p.startAll(ctx)
	if err == nil {
		err = p.announce()
	}
	if err == nil {
		err = p.watch(ctx)
	}
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// prepare empties the state directory of what an earlier run left and writes keys, certificates and kubeconfigs.
func (p *plane) prepare() error {
	for _, path := range []string{p.files.data(), p.files.logs(), p.files.pki("")} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
	}
	var err error
	if p.ports, err = reservePorts(p.options.bind); err != nil {
		return err
	}
	if p.authority, err = newAuthority(); err != nil {
		return err
	}
	serving, err := p.authority.serving(p.options.servingAddresses())
	if err != nil {
		return err
	}
	signing, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	signingPEM, err := privateKeyPEM(signing)
	if err != nil {
		return err
	}
	written := map[string][]byte{
		p.files.pki("ca.crt"):              p.authority.pem,
		p.files.pki("serving.crt"):         serving.certificate,
		p.files.pki("serving.key"):         serving.key,
		p.files.pki("service-account.key"): signingPEM,
		p.files.auditPolicy():              []byte(auditPolicy),
	}
	for path, content := range written {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	for _, component := range []string{nameControllerManager, nameScheduler} {
		if err := p.writeKubeconfig(p.files.componentConfig(component), "system:"+component); err != nil {
			return err
		}
	}
	return nil
}

func (p *plane) writeKubeconfig(path, user string, groups ...string) error {
	is, err := p.authority.client(user, groups...)
	if err != nil {
		return err
	}
	content, err := p.authority.kubeconfig(p.server(), user, is)
	if err != nil {
		return err
	}
	return writeAtomically(path, content)
}

// server is the API server's URL.
func (p *plane) server() string { return p.ports.apiServer.url("https", p.options.reachableAt()) }

func (p *plane) startAll(ctx context.Context) error {
	admin, err := p.authority.client("admin", "system:masters")
	if err != nil {
		return err
	}
	probe, err := newProber(p.authority, admin)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(p.options.readyTimeout)
	await := func(what, url string) error {
		return p.await(ctx, deadline, what, func() error { return probe.get(url) })
	}

	if err := p.start(nameEtcd, etcdArguments(p.files, p.ports)); err != nil {
		return err
	}
	if err := await(nameEtcd, p.ports.etcd.url("http", p.ports.etcd.address.Addr())+"/health"); err != nil {
		return err
	}
	if err := p.start(nameAPIServer, apiServerArguments(p.options, p.files, p.ports)); err != nil {
		return err
	}
	if err := await(nameAPIServer, p.server()+"/readyz"); err != nil {
		return err
	}
	if err := p.start(nameControllerManager, controllerManagerArguments(p.files, p.ports)); err != nil {
		return err
	}
	if err := p.start(nameScheduler, schedulerArguments(p.files, p.ports)); err != nil {
		return err
	}
	if err := await(nameScheduler, p.ports.scheduler.url("https", p.ports.scheduler.address.Addr())+"/readyz"); err != nil {
		return err
	}
	if err := await(nameControllerManager, p.ports.controllerManager.url("https", p.ports.controllerManager.address.Addr())+"/healthz"); err != nil {
		return err
	}
	return await("service account default", p.server()+"/api/v1/namespaces/default/serviceaccounts/default")
}

// start starts a component with our arguments and then the user's.
func (p *plane) start(name string, arguments []string) error {
	program, err := program(name)
	if err != nil {
		return err
	}
	started, err := startChild(name, program, p.files.logs(), append(arguments, p.options.extra[name]...), p.deaths)
	if err != nil {
		return err
	}
	p.children = append(p.children, started)
	return nil
}

// await polls until the probe succeeds, a component dies, we are told to stop or the time is up.
func (p *plane) await(ctx context.Context, deadline time.Time, what string, probe func() error) error {
	for {
		err := probe()
		if err == nil {
			say("%s is ready after %.1f s", what, time.Since(p.began).Seconds())
			return nil
		}
		if time.Now().After(deadline) {
			return p.notReady(what, err)
		}
		select {
		case dead := <-p.deaths:
			return &diedError{dead}
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *plane) notReady(what string, last error) error {
	text := fmt.Sprintf("%s is not ready after %s: %v", what, p.options.readyTimeout, last)
	for _, each := range p.children {
		text += fmt.Sprintf("\nthe last lines of %s:\n%s", each.log, tail(each.log, 5))
	}
	return errors.New(text)
}

// announce writes what clients need and says so in one line.
func (p *plane) announce() error {
	if err := p.writeKubeconfig(p.files.kubeconfig(), "admin", "system:masters"); err != nil {
		return err
	}
	var env bytes.Buffer
	for _, variable := range [][2]string{
		{"KUBECONFIG", p.files.kubeconfig()},
		{"API_SERVER", p.server()},
		{"PORT", p.ports.apiServer.number()},
		{"CA_FILE", p.files.pki("ca.crt")},
		{"LOGS", p.files.logs()},
		{"PID", fmt.Sprint(os.Getpid())},
	} {
		fmt.Fprintf(&env, "%s=%s\n", variable[0], shellQuoted(variable[1]))
	}
	if err := writeAtomically(p.files.env(), env.Bytes()); err != nil {
		return err
	}
	fmt.Printf("ready %s kubeconfig=%s seconds=%.1f\n", p.server(), p.files.kubeconfig(), time.Since(p.began).Seconds())
	return nil
}

func (p *plane) watch(ctx context.Context) error {
	select {
	case dead := <-p.deaths:
		return &diedError{dead}
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func say(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "control-plane: "+format+"\n", arguments...)
}

func writeAtomically(path string, content []byte) error {
	partial := path + ".partial"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(partial, content, 0o600); err != nil {
		return err
	}
	return os.Rename(partial, path)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
