package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// directoryVariable names the state directory where no --dir is given.
const directoryVariable = "LVS_CONTROL_PLANE_DIR"

// options are what `up` and `start` are told.
type options struct {
	dir           string
	bind          netip.Addr
	sans          []netip.Addr
	audit         bool
	stopWithStdin bool
	readyTimeout  time.Duration
	extra         map[string][]string // arguments of the user's, by component name
}

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func parseOptions(command string, arguments []string) (options, error) {
	parsed := options{extra: map[string][]string{}}
	var dir, bind string
	flags := newFlags(command, &dir)
	flags.StringVar(&bind, "bind", "127.0.0.1", "address that the API server listens on; 0.0.0.0 or :: for all")
	flags.Func("san", "another IP address by which clients reach the API server (may be repeated)", func(value string) error {
		address, err := netip.ParseAddr(value)
		if err != nil {
			return fmt.Errorf("not an IP address")
		}
		parsed.sans = append(parsed.sans, address)
		return nil
	})
	flags.BoolVar(&parsed.audit, "audit", false, "write the API server's audit log (level Metadata) to logs/audit.log")
	flags.BoolVar(&parsed.stopWithStdin, "stop-with-stdin", false, "stop when standard input ends: a parent that holds the other end cannot leave us behind")
	flags.DurationVar(&parsed.readyTimeout, "ready-timeout", 2*time.Minute, "how long to wait until everything is ready")
	for _, component := range componentNames {
		flags.Func(component+"-arg", "an argument passed on to "+component+", as in --"+component+"-arg=--v=4 (may be repeated; goes after ours, so it wins)",
			func(value string) error {
				if !strings.HasPrefix(value, "-") {
					return fmt.Errorf("must be a flag of %s, such as --v=4", component)
				}
				parsed.extra[component] = append(parsed.extra[component], value)
				return nil
			})
	}
	if err := parse(flags, arguments, 0); err != nil {
		return options{}, err
	}
	var err error
	if parsed.bind, err = netip.ParseAddr(bind); err != nil {
		return options{}, &usageError{fmt.Sprintf("--bind %q: not an IP address", bind)}
	}
	if parsed.dir, err = stateDirectory(dir); err != nil {
		return options{}, err
	}
	return parsed, nil
}

// newFlags is a flag set that has --dir already.
func newFlags(command string, dir *string) *flag.FlagSet {
	flags := flag.NewFlagSet("control-plane "+command, flag.ContinueOnError)
	flags.StringVar(dir, "dir", "", "state directory (default $"+directoryVariable+")")
	return flags
}

// parse accepts flags and, after them, at most maxOperands other arguments; flag.ErrHelp when it has shown the flags.
func parse(flags *flag.FlagSet, arguments []string, maxOperands int) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println("Flags of " + flags.Name() + ":")
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		return err
	}
	if err != nil {
		return &usageError{fmt.Sprintf("%v; see %s --help", err, flags.Name())}
	}
	if flags.NArg() > maxOperands {
		return &usageError{fmt.Sprintf("unexpected argument %q; see %s --help", flags.Arg(maxOperands), flags.Name())}
	}
	return nil
}

// stateDirectory is the absolute form of the directory given, else of the one in the environment.
func stateDirectory(given string) (string, error) {
	if given == "" {
		given = os.Getenv(directoryVariable)
	}
	if given == "" {
		return "", &usageError{"no state directory: give --dir D or set " + directoryVariable}
	}
	absolute, err := filepath.Abs(given)
	if err != nil {
		return "", errors.Join(errors.New("state directory "+given), err)
	}
	return absolute, nil
}

// arguments turns the options back into a command line.
func (o options) arguments() []string {
	line := []string{"--dir=" + o.dir, "--bind=" + o.bind.String(), "--ready-timeout=" + o.readyTimeout.String()}
	for _, san := range o.sans {
		line = append(line, "--san="+san.String())
	}
	if o.audit {
		line = append(line, "--audit")
	}
	for _, component := range componentNames {
		for _, argument := range o.extra[component] {
			line = append(line, "--"+component+"-arg="+argument)
		}
	}
	return line
}

// reachableAt is the address that goes into kubeconfigs: the one bound, or loopback where that is "all".
func (o options) reachableAt() netip.Addr {
	switch {
	case !o.bind.IsUnspecified():
		return o.bind
	case o.bind.Is4():
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	default:
		return netip.IPv6Loopback()
	}
}

// servingAddresses are the IP addresses of the serving certificate.
func (o options) servingAddresses() []netip.Addr {
	addresses := append([]netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), o.reachableAt()}, o.sans...)
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}
