package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
)

// The names of the components: of their faces, their logs and their --NAME-arg flags.
const (
	nameEtcd              = "etcd"
	nameAPIServer         = "kube-apiserver"
	nameControllerManager = "kube-controller-manager"
	nameScheduler         = "kube-scheduler"
)

var componentNames = []string{nameEtcd, nameAPIServer, nameControllerManager, nameScheduler}

// assetsVariable names a directory whose etcd and kube-apiserver are used instead of our own, as envtest has it.
const assetsVariable = "KUBEBUILDER_ASSETS"

const (
	issuer       = "https://kubernetes.default.svc.cluster.local"
	serviceRange = "10.96.0.0/16"
	auditPolicy  = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata}]\n"
)

// files are the paths in a state directory.
type files struct{ dir string }

func (f files) lock() string                     { return filepath.Join(f.dir, "control-plane.lock") }
func (f files) upLog() string                    { return filepath.Join(f.dir, "up.log") } // written by start only
func (f files) env() string                      { return filepath.Join(f.dir, "env") }
func (f files) kubeconfig() string               { return filepath.Join(f.dir, "kubeconfig") }
func (f files) logs() string                     { return filepath.Join(f.dir, "logs") }
func (f files) log(name string) string           { return filepath.Join(f.dir, "logs", name+".log") }
func (f files) data() string                     { return filepath.Join(f.dir, "etcd") }
func (f files) pki(name string) string           { return filepath.Join(f.dir, "pki", name) }
func (f files) auditPolicy() string              { return filepath.Join(f.dir, "pki", "audit-policy.yaml") }
func (f files) volumePlugins() string            { return filepath.Join(f.dir, "pki", "volume-plugins") }
func (f files) componentConfig(of string) string { return f.pki(of + ".kubeconfig") }

// ports are the ports of one control plane; all but the API server's are on loopback.
type ports struct {
	etcd, etcdPeer, apiServer, controllerManager, scheduler reservedPort
}

func reservePorts(bind netip.Addr) (ports, error) {
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	var reserved ports
	for _, wanted := range []struct {
		port    *reservedPort
		address netip.Addr
	}{
		{&reserved.etcd, loopback},
		{&reserved.etcdPeer, loopback},
		{&reserved.apiServer, bind},
		{&reserved.controllerManager, loopback},
		{&reserved.scheduler, loopback},
	} {
		port, err := reservePort(wanted.address)
		if err != nil {
			return ports{}, err
		}
		*wanted.port = port
	}
	return reserved, nil
}

func etcdArguments(at files, ports ports) []string {
	client := ports.etcd.url("http", ports.etcd.address.Addr())
	peer := ports.etcdPeer.url("http", ports.etcdPeer.address.Addr())
	return []string{
		"--name=test",
		"--data-dir=" + at.data(),
		"--listen-client-urls=" + client,
		"--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer,
		"--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=test=" + peer,
		"--socket-reuse-port",
		"--unsafe-no-fsync",
	}
}

func apiServerArguments(options options, at files, ports ports) []string {
	arguments := []string{
		"--etcd-servers=" + ports.etcd.url("http", ports.etcd.address.Addr()),
		"--bind-address=" + options.bind.String(),
		"--secure-port=" + ports.apiServer.number(),
		"--permit-port-sharing",
		// Nothing here reaches the API server by its service address, and finding out this machine's own would
		// fail where it has no default route.
		"--advertise-address=" + options.reachableAt().String(),
		"--endpoint-reconciler-type=none",
		"--tls-cert-file=" + at.pki("serving.crt"),
		"--tls-private-key-file=" + at.pki("serving.key"),
		"--client-ca-file=" + at.pki("ca.crt"),
		"--service-account-issuer=" + issuer,
		"--service-account-key-file=" + at.pki("service-account.key"),
		"--service-account-signing-key-file=" + at.pki("service-account.key"),
		"--service-cluster-ip-range=" + serviceRange,
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
	}
	if options.audit {
		arguments = append(arguments, "--audit-policy-file="+at.auditPolicy(), "--audit-log-path="+at.log("audit"))
	}
	return arguments
}

func controllerManagerArguments(at files, ports ports) []string {
	return append(controllerArguments(nameControllerManager, at, ports.controllerManager),
		"--root-ca-file="+at.pki("ca.crt"),
		"--service-account-private-key-file="+at.pki("service-account.key"),
		"--use-service-account-credentials=true",
		// Each controller asks for a token of its own; at the usual 20 requests a second that alone takes 4 seconds.
		"--kube-api-qps=1000",
		"--kube-api-burst=1000",
		"--flex-volume-plugin-dir="+at.volumePlugins()) // made when missing, else below /usr/libexec
}

func schedulerArguments(at files, ports ports) []string {
	return controllerArguments(nameScheduler, at, ports.scheduler)
}

func controllerArguments(name string, at files, port reservedPort) []string {
	return []string{
		"--kubeconfig=" + at.componentConfig(name),
		"--leader-elect=false",
		"--bind-address=" + port.address.Addr().String(),
		"--secure-port=" + port.number(),
		"--permit-port-sharing",
		"--tls-cert-file=" + at.pki("serving.crt"),
		"--tls-private-key-file=" + at.pki("serving.key"),
	}
}

// program is what to execute for a component: ourselves, unless envtest's variable says otherwise.
func program(component string) (string, error) {
	assets := os.Getenv(assetsVariable)
	if assets == "" || (component != nameEtcd && component != nameAPIServer) {
		return os.Executable()
	}
	path := filepath.Join(assets, component)
	if !fileExists(path) {
		return "", fmt.Errorf("no %s in %s=%s; unset it to use the one built here", component, assetsVariable, assets)
	}
	return path, nil
}
