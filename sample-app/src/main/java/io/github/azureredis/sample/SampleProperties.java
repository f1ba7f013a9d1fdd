/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.azureredis.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the sample does.
 *
 * @param reauthentication Whether to repeat the sequence until the connection has been
 * re-authenticated several times.
 * @param renewals Number of re-authentications with a renewed token before it ends.
 * @param interval Time between two rounds.
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("false") boolean reauthentication, @DefaultValue("3") int renewals,
		@DefaultValue("2s") Duration interval) {

}
