// SPDX-License-Identifier: Apache-2.0
// An echo of Qt's QWebSocketServer on a free port of 127.0.0.1, which prints its URL and ends with stdin.
#include <QCoreApplication>
#include <QSocketNotifier>
#include <QWebSocket>
#include <QWebSocketServer>
#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QWebSocketServer server("libws", QWebSocketServer::NonSecureMode);
    if (!server.listen(QHostAddress::LocalHost, 0)) return 1;
    QObject::connect(&server, &QWebSocketServer::newConnection, [&] {
        QWebSocket *socket = server.nextPendingConnection();
        QObject::connect(socket, &QWebSocket::textMessageReceived, [socket](const QString &m) { socket->sendTextMessage(m); });
        QObject::connect(socket, &QWebSocket::binaryMessageReceived, [socket](const QByteArray &m) { socket->sendBinaryMessage(m); });
        QObject::connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
    });
    std::printf("ws://127.0.0.1:%d/\n", server.serverPort());
    std::fflush(stdout);
    QSocketNotifier in(0, QSocketNotifier::Read);
    QObject::connect(&in, &QSocketNotifier::activated, &app, &QCoreApplication::quit);
    return app.exec();
}
