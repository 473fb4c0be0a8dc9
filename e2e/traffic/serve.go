package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

const (
	// idleLimit ends connections of peers that vanished.
	idleLimit = 5 * time.Minute
	holdLine  = "HOLD"
)

func serve(arguments []string, stop <-chan os.Signal) error {
	flags := flag.NewFlagSet("traffic serve", flag.ContinueOnError)
	name := flags.String("name", "", "the name in every answer")
	var listens []string
	flags.Func("listen", "ADDRESS:PORT (may be repeated)", func(value string) error {
		listens = append(listens, value)
		return nil
	})
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *name == "" || len(listens) == 0 {
		return errors.New("serve needs --name and --listen")
	}
	for _, listen := range listens {
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			return err
		}
		go acceptAll(listener, *name)
	}
	fmt.Println("listening")
	<-stop
	return nil
}

func acceptAll(listener net.Listener, name string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, "traffic: accept:", err)
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go answer(connection, name)
	}
}

// answer gives one HTTP/1.0 answer, or, where the first line is HOLD, says who it is and echoes from then on.
func answer(connection net.Conn, name string) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	connection.SetDeadline(time.Now().Add(idleLimit))
	first, err := reader.ReadString('\n')
	if err != nil {
		return
	}
	client, _, _ := net.SplitHostPort(connection.RemoteAddr().String())
	body := name + " " + client + "\n"
	if strings.TrimSpace(first) == holdLine {
		fmt.Fprint(connection, body)
		echo(connection, reader)
		return
	}
	for { // the rest of the request's head
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		if strings.TrimSpace(line) == "" {
			break
		}
	}
	fmt.Fprintf(connection, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func echo(connection net.Conn, reader *bufio.Reader) {
	for {
		connection.SetDeadline(time.Now().Add(idleLimit))
		received, err := reader.ReadByte()
		if err != nil {
			return
		}
		if _, err := connection.Write([]byte{received}); err != nil {
			return
		}
	}
}
