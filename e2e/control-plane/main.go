// Command control-plane is a Kubernetes control plane for tests, in one binary: started as etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler, kube-proxy or kubectl it is that program; started as anything else it runs
// and looks after a whole control plane made of itself (see usage).
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

const usage = `control-plane: a Kubernetes control plane for tests

  up      [flags]            run one in the foreground; ends on SIGTERM, SIGINT or when a part of it dies
  start   [flags]            the same in the background; returns when it is ready
  stop    [--dir D]          stop it
  status  [--dir D]          say whether it runs and is ready (exit 0), or not (exit 3)
  kubeconfig [--dir D] [--host H]   the path of its kubeconfig; with --host one that reaches it as H, on standard output
  logs    [--dir D] [NAME]   the paths of its logs, or one log (up, etcd, kube-apiserver, ...)
  kubectl ARGUMENT...        kubectl on it ($LVS_CONTROL_PLANE_DIR tells which)

"control-plane up --help" lists the flags of up and start.
`

// Exit codes; notRunning is what init scripts answer with.
const (
	exitOK         = 0
	exitFailure    = 1
	exitUsage      = 2
	exitNotRunning = 3
)

func main() {
	switch filepath.Base(os.Args[0]) {
	case nameEtcd:
		etcdmain.Main(os.Args)
	case nameAPIServer:
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case nameControllerManager:
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case nameScheduler:
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "kube-proxy":
		os.Exit(cli.Run(proxy.NewProxyCommand()))
	case "kubectl":
		runKubectl(os.Args[1:])
	default:
		os.Exit(run(os.Args[1:]))
	}
}

func run(arguments []string) int {
	if len(arguments) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return exitUsage
	}
	rest := arguments[1:]
	switch arguments[0] {
	case "up":
		return exitCode(up(rest))
	case "start":
		return exitCode(start(rest))
	case "stop":
		return exitCode(stop(rest))
	case "status":
		return exitCode(status(rest, os.Stdout))
	case "kubeconfig":
		return exitCode(printKubeconfig(rest, os.Stdout))
	case "logs":
		return exitCode(printLogs(rest, os.Stdout))
	case "kubectl":
		return exitCode(kubectlHere(rest))
	case "help", "-h", "--help":
		fmt.Print(usage)
		return exitOK
	default:
		fmt.Fprintf(os.Stderr, "control-plane: unknown command %q\n\n%s", arguments[0], usage)
		return exitUsage
	}
}

func exitCode(err error) int {
	var notRunning *notRunningError
	var badUsage *usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &badUsage):
		say("%v", err)
		return exitUsage
	case errors.As(err, &notRunning):
		say("%v", err)
		return exitNotRunning
	default:
		say("%v", err)
		return exitFailure
	}
}

func kubectlHere(arguments []string) error {
	dir, err := stateDirectory("")
	if err != nil {
		return err
	}
	running, err := lookUp(dir)
	if err != nil {
		return err
	}
	if err := os.Setenv("KUBECONFIG", running.kubeconfig()); err != nil {
		return err
	}
	runKubectl(arguments)
	return nil
}

// runKubectl ends the process when kubectl fails, as kubectl does.
func runKubectl(arguments []string) {
	os.Args = append([]string{"kubectl"}, arguments...)
	if _, err := logs.GlogSetter(kubectl.GetLogVerbosity(os.Args)); err != nil {
		kubectlutil.CheckErr(err)
	}
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
}
