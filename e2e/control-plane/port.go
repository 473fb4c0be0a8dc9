package main

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"golang.org/x/sys/unix"
)

// reservedPort is a free port that stays ours. The socket is bound and never listens; the component that the port
// is for binds it as well, by SO_REUSEPORT, which the kernel allows to processes of one user that all ask for it. So
// nobody can take the port between our finding it and the component's binding it.
type reservedPort struct {
	address netip.AddrPort
	socket  int
}

func reservePort(address netip.Addr) (reservedPort, error) {
	reserved, err := bindAnyPort(address)
	if err != nil {
		return reservedPort{}, fmt.Errorf("no port to be had on %s: %w", address, err)
	}
	return reserved, nil
}

func bindAnyPort(address netip.Addr) (reservedPort, error) {
	family, wanted := unix.AF_INET, unix.Sockaddr(nil)
	if address.Is4() {
		wanted = &unix.SockaddrInet4{Addr: address.As4()}
	} else {
		family, wanted = unix.AF_INET6, &unix.SockaddrInet6{Addr: address.As16()}
	}
	socket, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return reservedPort{}, err
	}
	port, err := bindSocket(socket, wanted)
	if err != nil {
		_ = unix.Close(socket)
		return reservedPort{}, err
	}
	return reservedPort{address: netip.AddrPortFrom(address, port), socket: socket}, nil
}

func bindSocket(socket int, wanted unix.Sockaddr) (uint16, error) {
	if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return 0, err
	}
	if err := unix.Bind(socket, wanted); err != nil {
		return 0, err
	}
	bound, err := unix.Getsockname(socket)
	if err != nil {
		return 0, err
	}
	if v4, ok := bound.(*unix.SockaddrInet4); ok {
		return uint16(v4.Port), nil
	}
	return uint16(bound.(*unix.SockaddrInet6).Port), nil
}

func (p reservedPort) number() string { return strconv.Itoa(int(p.address.Port())) }

// url is the port's URL, as reached at that host.
func (p reservedPort) url(scheme string, host netip.Addr) string {
	return scheme + "://" + net.JoinHostPort(host.String(), p.number())
}
