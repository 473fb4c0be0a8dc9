package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	lockPatience = 200 * time.Millisecond
	startPoll    = 50 * time.Millisecond
	stopTimeout  = 3 * stopGrace
)

// notRunningError is a state directory without a running, ready control plane.
type notRunningError struct{ text string }

func (e *notRunningError) Error() string { return e.text }

// running is a control plane that another process runs in a state directory.
type running struct {
	files
	pid int
}

// claimDirectory makes a directory a state directory, unless it holds somebody else's files: what is ours in there
// gets deleted by the next start.
func claimDirectory(at files) error {
	if err := os.MkdirAll(at.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(at.dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 && !fileExists(at.lock()) {
		return fmt.Errorf("%s is neither empty nor the state directory of a control plane; take another --dir", at.dir)
	}
	lock, err := os.OpenFile(at.lock(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return lock.Close()
}

// takeLock makes this process the owner of a state directory until it ends. The kernel lets go of the lock then,
// however it ends, so whoever holds it is alive.
func takeLock(at files) (*os.File, error) {
	if err := claimDirectory(at); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(at.lock(), os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if !flockWithin(lock, lockPatience) {
		owner, _ := io.ReadAll(lock)
		_ = lock.Close()
		return nil, fmt.Errorf("a control plane runs in %s already (pid %s); stop it first or take another --dir", at.dir, strings.TrimSpace(string(owner)))
	}
	if err := lock.Truncate(0); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		return nil, err
	}
	return lock, errors.Join(removeIfThere(at.env()), removeIfThere(at.kubeconfig()))
}

// flockWithin tries more than once, since a lookUp holds a shared lock for an instant.
func flockWithin(lock *os.File, patience time.Duration) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(patience / 20) {
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			return true
		}
	}
	return false
}

// lookUp finds who runs a control plane in a directory.
func lookUp(dir string) (running, error) {
	at := files{dir}
	lock, err := os.Open(at.lock())
	if errors.Is(err, os.ErrNotExist) {
		return running{}, &notRunningError{"no control plane runs in " + dir}
	}
	if err != nil {
		return running{}, err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err == nil {
		return running{}, &notRunningError{"no control plane runs in " + dir}
	}
	content, err := io.ReadAll(lock)
	if err != nil {
		return running{}, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return running{}, &notRunningError{"a control plane is just starting in " + dir}
	}
	return running{files: at, pid: pid}, nil
}

// start runs `up` as a process of its own session and returns when it is ready.
func start(arguments []string) error {
	options, err := parseOptions("start", arguments)
	if err != nil {
		return err
	}
	if options.stopWithStdin {
		return &usageError{"--stop-with-stdin is for up: what start starts has no standard input"}
	}
	at := files{options.dir}
	if other, err := lookUp(options.dir); err == nil {
		return fmt.Errorf("a control plane runs in %s already (pid %d); stop it first or take another --dir", options.dir, other.pid)
	}
	if err := claimDirectory(at); err != nil {
		return err
	}
	log, err := os.Create(at.upLog())
	if err != nil {
		return err
	}
	defer log.Close()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if err := removeIfThere(at.env()); err != nil {
		return err
	}
	command := &exec.Cmd{
		Path:        program,
		Args:        append([]string{"control-plane", "up"}, options.arguments()...),
		Stdout:      log,
		Stderr:      log,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := command.Start(); err != nil {
		return err
	}
	return awaitReady(command, at, log.Name())
}

// awaitReady waits for the file that up writes when it is ready; up itself keeps the time.
func awaitReady(command *exec.Cmd, at files, log string) error {
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		if _, err := os.Stat(at.env()); err == nil {
			return status([]string{"--dir=" + at.dir}, os.Stdout)
		}
		select {
		case <-ended:
			content, err := os.ReadFile(log)
			return errors.Join(fmt.Errorf("did not start:\n%s", content), err)
		case <-time.After(startPoll):
		}
	}
}

// stop ends the control plane of a directory; none there is fine.
func stop(arguments []string) error {
	running, err := fromFlags("stop", arguments)
	var notRunning *notRunningError
	if errors.As(err, &notRunning) {
		fmt.Println(err)
		return nil
	}
	if err != nil {
		return err
	}
	if err := syscall.Kill(running.pid, syscall.SIGTERM); err != nil {
		return err
	}
	if !running.gone(stopTimeout) {
		if err := syscall.Kill(running.pid, syscall.SIGKILL); err != nil {
			return err
		}
		return fmt.Errorf("pid %d did not stop within %s and was killed", running.pid, stopTimeout)
	}
	fmt.Println("stopped")
	return nil
}

func (r running) gone(within time.Duration) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(startPoll) {
		if now, err := lookUp(r.dir); err != nil || now.pid != r.pid {
			return true
		}
	}
	return false
}

func status(arguments []string, out io.Writer) error {
	running, err := fromFlags("status", arguments)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", running.kubeconfig())
	if err != nil {
		return &notRunningError{fmt.Sprintf("starting (pid %d)", running.pid)}
	}
	security, err := rest.TLSConfigFor(config)
	if err != nil {
		return err
	}
	if err := proberFor(security).get(config.Host + "/readyz"); err != nil {
		return &notRunningError{fmt.Sprintf("pid %d runs but is not ready: %v", running.pid, err)}
	}
	fmt.Fprintf(out, "ready %s kubeconfig=%s pid=%d\n", config.Host, running.kubeconfig(), running.pid)
	return nil
}

func printKubeconfig(arguments []string, out io.Writer) error {
	var dir, host string
	flags := newFlags("kubeconfig", &dir)
	flags.StringVar(&host, "host", "", "write a kubeconfig that reaches the API server at this host (it must be a --san of it)")
	if err := parse(flags, arguments, 0); err != nil {
		return err
	}
	running, err := inDirectory(dir)
	if err != nil {
		return err
	}
	if host == "" {
		fmt.Fprintln(out, running.kubeconfig())
		return nil
	}
	config, err := clientcmd.LoadFromFile(running.kubeconfig())
	if err != nil {
		return err
	}
	for _, cluster := range config.Clusters {
		server, err := url.Parse(cluster.Server)
		if err != nil {
			return err
		}
		server.Host = net.JoinHostPort(host, server.Port())
		cluster.Server = server.String()
	}
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	return err
}

func printLogs(arguments []string, out io.Writer) error {
	var dir string
	flags := newFlags("logs", &dir)
	if err := parse(flags, arguments, 1); err != nil {
		return err
	}
	dir, err := stateDirectory(dir)
	if err != nil {
		return err
	}
	paths, err := filepath.Glob(files{dir}.log("*"))
	if err != nil {
		return err
	}
	if up := (files{dir}).upLog(); fileExists(up) {
		paths = append([]string{up}, paths...)
	}
	if flags.NArg() == 0 {
		for _, path := range paths {
			fmt.Fprintln(out, path)
		}
		return nil
	}
	for _, path := range paths {
		if filepath.Base(path) == flags.Arg(0)+".log" {
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = io.Copy(out, file)
			return err
		}
	}
	return fmt.Errorf("no log %q in %s; there are: %s", flags.Arg(0), dir, strings.Join(paths, " "))
}

func fromFlags(command string, arguments []string) (running, error) {
	var dir string
	flags := newFlags(command, &dir)
	if err := parse(flags, arguments, 0); err != nil {
		return running{}, err
	}
	return inDirectory(dir)
}

func inDirectory(given string) (running, error) {
	dir, err := stateDirectory(given)
	if err != nil {
		return running{}, err
	}
	return lookUp(dir)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// shellQuoted is a word as sh reads it back.
func shellQuoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
